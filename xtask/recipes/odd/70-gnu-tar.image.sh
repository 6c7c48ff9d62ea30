# Layers that GNU tar writes, in each of its formats.
mkdir "$WORK/tree" && cd "$WORK/tree"
layer() {
    umoci raw add-layer --image "$IMAGE" --history.created_by "ADD $1.tar /" "$WORK/$1.tar"
}
pack() {
    name=$1
    shift
    tar --create --numeric-owner --sort=name --file "$WORK/$name.tar" "$@"
}
long=$(printf '%0120d' 0)
mkdir -p opt/tar/v7 opt/tar/oldgnu opt/tar/gnu opt/tar/posix opt/tar/ustar opt/tar/sparse
chown 0:0 -R .
for format in v7 ustar; do
    (cd "opt/tar/$format" && echo file > file && ln file hard && ln -s file soft && mkdir folder && chmod 2750 folder)
    pack "$format" --format="$format" "opt/tar/$format"
    layer "$format"
done
# A name of more than 100 bytes has two parts there, each at the end of a directory.
half=$(printf '%090d' 0)
mkdir -p "opt/tar/ustar-prefix/$half/$half" && echo file > "opt/tar/ustar-prefix/$half/$half/file"
pack ustar-prefix --format=ustar opt/tar/ustar-prefix
layer ustar-prefix
for format in oldgnu gnu posix; do
    (
        cd "opt/tar/$format"
        mkdir "$long" && echo file > "$long/$long" && ln "$long/$long" hard && ln -s "$long/$long" soft
        echo owner > owner && chown 3000000:4000000 owner
        printf bytes > "$(printf 'caf\351 %s' "$long")"
        touch -d '1960-01-02 03:04:05 UTC' owner
    )
    pack "$format" --format="$format" "opt/tar/$format"
    layer "$format"
done
# Holes, as the three kinds of pax records tell them.
cd opt/tar/sparse
truncate -s 2000000 few && printf end | dd of=few bs=1 seek=1999997 conv=notrunc status=none
truncate -s 4000000 many
for at in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    printf data | dd of=many bs=1 seek=$((at * 131072)) conv=notrunc status=none
done
truncate -s 1000000 nothing
cd "$WORK/tree"
for version in 0.0 0.1 1.0; do
    mv opt/tar/sparse "opt/tar/sparse-$version"
    pack "sparse-$version" --format=posix --sparse --sparse-version="$version" "opt/tar/sparse-$version"
    layer "sparse-$version"
    mv "opt/tar/sparse-$version" opt/tar/sparse
done
