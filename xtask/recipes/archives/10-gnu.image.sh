# Layers of GNU tar that umoci does not unpack: they are listed only.
mkdir "$WORK/tree" && cd "$WORK/tree"
layer() {
    umoci raw add-layer --image "$IMAGE" --history.created_by "ADD $1.tar /" "$WORK/$1.tar"
}
pack() {
    name=$1
    shift
    tar --create --numeric-owner --sort=name --file "$WORK/$name.tar" "$@"
}
mkdir sparse
truncate -s 2000000 sparse/few && printf end | dd of=sparse/few bs=1 seek=1999997 conv=notrunc status=none
# More holes than fit into one header, and into its first continuation.
truncate -s 8000000 sparse/many
at=1
while [ $at -lt 60 ]; do
    printf data | dd of=sparse/many bs=1 seek=$((at * 131072)) conv=notrunc status=none
    at=$((at + 1))
done
truncate -s 1000000 sparse/nothing
echo dense > sparse/dense
long=sparse/$(printf '%0180d' 0)
truncate -s 300000 "$long" && printf end >> "$long"
for format in gnu oldgnu; do
    pack "sparse-$format" --format="$format" --sparse sparse
    layer "sparse-$format"
done
# A header for the whole archive, as git archive writes one.
mkdir global && echo file > global/file
pack global --format=posix --pax-option='comment=0123456789abcdef' global
layer global
# Names as they are, and owners that only letters tell.
echo up > up
pack absolute --absolute-names --transform='s,^,/../../etc/,' up
layer absolute
