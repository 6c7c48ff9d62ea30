# ADD minbase.tar.gz /
tar --extract --gzip --numeric-owner --preserve-permissions --file "$BASE" --directory "$ROOT"
device() { mknod --mode="$2" "$ROOT/dev/$1" c "$3" "$4"; }
device null 666 1 3
device zero 666 1 5
device full 666 1 7
device random 666 1 8
device urandom 666 1 9
device tty 666 5 0
device console 600 5 1
ln -s /proc/self/fd "$ROOT/dev/fd"
ln -s fd/0 "$ROOT/dev/stdin"
mkdir -p "$ROOT/dev/pts" "$ROOT/dev/shm"
chmod 1777 "$ROOT/dev/shm"
# No service may start in a tree.
printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"
chmod 755 "$ROOT/usr/sbin/policy-rc.d"
