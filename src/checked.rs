//! What every checked text type offers besides `FromStr` and `Display`.

/// Conversions through the type's own `FromStr`.
macro_rules! checked_conversions {
    ($type:ty) => {
        impl TryFrom<alloc::string::String> for $type {
            type Error = crate::ReferenceError;

            fn try_from(text: alloc::string::String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<&str> for $type {
            type Error = crate::ReferenceError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}

/// Conversions and serde, so that no unchecked value can come in by another door.
macro_rules! checked_text {
    ($type:ty) => {
        crate::checked::checked_conversions!($type);

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = alloc::string::String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// `AsRef<str>`, `Display` and `as_str` for a type that keeps its whole text in the named field.
macro_rules! checked_str {
    ($type:ty, $field:tt) => {
        crate::checked::checked_text!($type);

        impl $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.$field
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.$field
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.$field)
            }
        }
    };
}

pub(crate) use {checked_conversions, checked_str, checked_text};
