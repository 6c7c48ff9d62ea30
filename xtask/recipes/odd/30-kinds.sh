# RUN make every kind of file
mkdir "$ROOT/opt/kinds" && cd "$ROOT/opt/kinds"
mknod char c 1 3
mknod block b 259 1048575
mknod large c 4095 70000
mkfifo fifo
: > empty
mkdir empty-directory
echo content > one && ln one two && mkdir below && ln one below/three
ln fifo fifo-again
for mode in 0 111 222 444 1644 2755 4755 6755 7777; do
    echo "$mode" > "mode-$mode" && chmod "$mode" "mode-$mode"
    mkdir "directory-$mode" && chmod "$mode" "directory-$mode"
done
for id in 1 65534 2097151 2097152 4294967294; do
    echo "$id" > "owner-$id" && chown "$id:$id" "owner-$id"
    ln -s target "link-owner-$id" && chown -h "$id:$id" "link-owner-$id"
done
echo long ago > time-negative && touch -d '1965-04-03 02:01:00 UTC' time-negative
echo 1970 > time-zero && touch -d '@0' time-zero
echo later > time-later && touch -d '2150-01-01 00:00:00 UTC' time-later
echo part > time-part && touch -d '@1000000000.123456789' time-part
echo attributes > attributes
setfattr -n user.text -v 'some text' attributes
setfattr -n user.binary -v 0x00ff0a3d00 attributes
setfattr -n user.empty attributes
setfattr -n user.dir -v on-a-directory empty-directory
cp "$ROOT/usr/bin/dash" capable
setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 capable
truncate -s 3000000 sparse && printf middle | dd of=sparse bs=1 seek=1500000 conv=notrunc status=none
