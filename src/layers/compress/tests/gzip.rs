use super::*;
use crate::layers::compress::{
    inflate::{Halt, Inflate, new_inflate},
    miniz::Miniz,
};
use proptest::prelude::*;

#[test]
fn l04_members_follow_each_other() {
    let layer = [gzip(b"one "), gzip(b""), gzip(b"two "), gzip(&text(300_000))].concat();
    let expected = [b"one two ".to_vec(), text(300_000)].concat();
    for chunk in [1, 17, 4096, usize::MAX] {
        let (kept, _, result) = unpack_in(&layer, chunk);
        assert!(result.is_ok() && kept.bytes == expected, "{chunk}");
    }
}

#[test]
fn zeros_may_follow_the_last_member() {
    let padded = [gzip(b"abc"), [0; 1000].to_vec()].concat();
    assert_eq!(unpack(&padded), Ok(b"abc".to_vec()));
    for stray in [&b"\0\0x"[..], b"x", b"\x1f\x8c", b"\0\x1f\x8b"] {
        let error = unpack(&[&gzip(b"abc"), stray].concat()).unwrap_err();
        assert!(error.to_string().ends_with("data behind the last gzip member"), "{error}");
    }
}

#[test]
fn l03_a_stream_that_was_cut_is_never_whole() {
    let layer = gzip(&text(3000));
    for length in 2..layer.len() {
        let (kept, _, result) = unpack_in(&layer[..length], 100);
        assert_eq!(result.unwrap_err().kind(), Kind::CorruptLayer, "{length}");
        assert!(text(3000).starts_with(&kept.bytes));
    }
}

#[test]
fn l03_trailers_are_checked() {
    let layer = gzip(&text(3000));
    for (from_end, words) in [(8, "wrong CRC-32"), (5, "wrong CRC-32"), (4, "wrong size"), (1, "wrong size")] {
        let mut layer = layer.clone();
        let at = layer.len() - from_end;
        layer[at] ^= 0x40;
        let error = unpack(&layer).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn l03_every_other_bit_is_found_out() {
    let layer = gzip(&text(400));
    let expected = text(400);
    for at in 0..layer.len() * 8 {
        let mut layer = layer.clone();
        layer[at / 8] ^= 1 << (at % 8);
        match unpack(&layer) {
            // Time, flags that say nothing, system; or it is no gzip any more.
            Ok(bytes) => assert!(bytes == expected || bytes == layer, "{at}"),
            Err(error) => assert_eq!(error.kind(), Kind::CorruptLayer),
        }
    }
}

#[test]
fn matches_do_not_reach_back_into_another_member() {
    // A fixed block that copies 3 bytes from 1 back, with nothing before it.
    let reaching = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 0x03, 0x02, 0x00, 0, 0, 0, 0, 3, 0, 0, 0];
    let layer = [gzip(&text(100_000)), reaching.to_vec()].concat();
    let (kept, _, result) = unpack_in(&layer, 4096);
    assert!(result.unwrap_err().to_string().contains("invalid deflate data"));
    assert_eq!(kept.bytes.len(), 100_000);
}

#[test]
fn l01_pieces_stay_small_however_far_it_expands() {
    let (kept, _, result) = unpack_in(&gzip(&[0; 20 << 20]), usize::MAX);
    assert!(result.is_ok() && kept.bytes.len() == 20 << 20);
    assert!(kept.piece <= 512 << 10, "{}", kept.piece);
}

/// Everything an inflater makes of a stream, in chunks of this size.
fn inflate(mut inflate: impl AsMut<dyn Inflate>, stream: &[u8], chunk: usize) -> (Vec<u8>, Halt) {
    let (mut out, mut buffer, mut last) = (Vec::new(), [0; 100_000], Halt::More);
    for mut input in stream.chunks(chunk) {
        while last == Halt::More {
            let at = out.len() % 50_000;
            let step = inflate.as_mut().inflate(input, &mut buffer, at, false);
            out.extend_from_slice(&buffer[at..at + step.written]);
            input = &input[step.read..];
            last = step.halt;
            if input.is_empty() && at + step.written < buffer.len() {
                break;
            }
        }
    }
    (out, last)
}

/// A box of any inflater.
struct Any(alloc::boxed::Box<dyn Inflate>);

impl AsMut<dyn Inflate + 'static> for Any {
    fn as_mut(&mut self) -> &mut (dyn Inflate + 'static) {
        &mut *self.0
    }
}

proptest! {
    #[test]
    fn all_inflaters_make_the_same_of_anything(
        seed in prop::collection::vec(any::<u8>(), 0..30), at in any::<prop::sample::Index>(),
        damage in prop::collection::vec(any::<u8>(), 0..4), chunk in 1_usize..2000,
    ) {
        let bytes: Vec<u8> = seed.iter().flat_map(|byte| text(usize::from(*byte))).collect();
        let mut stream = miniz_oxide::deflate::compress_to_vec(&bytes, seed.first().map_or(6, |byte| byte % 10));
        let at = at.index(stream.len());
        stream.iter_mut().skip(at).zip(&damage).for_each(|(to, from)| *to = *from);
        let fast = inflate(Any(new_inflate()), &stream, chunk);
        let plain = inflate(Any(alloc::boxed::Box::new(Miniz::at_block(0, 0))), &stream, chunk);
        if fast.1 == Halt::Corrupt {
            // miniz_oxide lets pass a block that has no code for its end (RFC 1951, 3.2.7), and looks for one until the stream ends.
            prop_assert!(plain.1 != Halt::End && plain.0.starts_with(&fast.0));
        } else {
            prop_assert_eq!(&fast, &plain);
        }
        let whole = inflate(Any(new_inflate()), &stream, usize::MAX);
        prop_assert_eq!(&whole, &fast);
    }

    #[test]
    fn damage_is_no_panic_and_the_same_in_all_chunks(
        at in any::<prop::sample::Index>(), damage in prop::collection::vec(any::<u8>(), 1..5), chunk in 1_usize..500,
    ) {
        let mut layer = [gzip(&text(3000)), gzip(&noise(300)), gzip(&text(100))].concat();
        let at = 2 + at.index(layer.len() - 2);
        layer.iter_mut().skip(at).zip(&damage).for_each(|(to, from)| *to = *from);
        let (kept, _, result) = unpack_in(&layer, chunk);
        let (whole, _, same) = unpack_in(&layer, usize::MAX);
        prop_assert_eq!(result, same);
        prop_assert_eq!(kept.bytes, whole.bytes);
    }

    #[test]
    fn any_bytes_behind_the_magic_are_no_panic(rest in prop::collection::vec(any::<u8>(), 0..300), chunk in 1_usize..50) {
        let layer = [&b"\x1f\x8b\x08"[..], &rest].concat();
        let (kept, _, result) = unpack_in(&layer, chunk);
        let (whole, _, same) = unpack_in(&layer, usize::MAX);
        prop_assert_eq!(result, same);
        prop_assert_eq!(kept.bytes, whole.bytes);
    }
}
