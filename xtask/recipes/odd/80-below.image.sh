# Layers that speak of what lies below them.
mkdir -p "$WORK/below" && cd "$WORK/below"
layer() {
    umoci raw add-layer --image "$IMAGE" --history.created_by "ADD $1.tar /" "$WORK/$1.tar"
}
# A hard link whose file is in a layer below: the file is packed first and then taken out.
mkdir -p usr/bin opt/tar
: > usr/bin/perl
ln usr/bin/perl opt/tar/perl-of-a-layer-below
tar --create --numeric-owner --file "$WORK/hard-link.tar" usr/bin/perl opt/tar/perl-of-a-layer-below
tar --delete --file "$WORK/hard-link.tar" usr/bin/perl
layer hard-link
# A parent that is a symbolic link below, and a whiteout under it.
mkdir bin && echo tool > bin/tool && : > bin/.wh.rbash
tar --create --numeric-owner --file "$WORK/through-link.tar" bin/tool bin/.wh.rbash
layer through-link
# The same path twice: the last counts.
echo first > opt/tar/twice
tar --create --numeric-owner --file "$WORK/twice.tar" opt/tar/twice
rm opt/tar/twice && mkdir opt/tar/twice && echo second > opt/tar/twice/file
tar --append --numeric-owner --file "$WORK/twice.tar" opt/tar/twice
layer twice
# Names with dots, slashes and an absolute beginning.
mkdir -p opt/tar/dots && echo dots > opt/tar/dots/file
tar --create --numeric-owner --absolute-names --transform='s,^opt,/./opt/../opt,' --file "$WORK/dots.tar" opt/tar/dots/file
layer dots
# Whiteouts before and after what the same layer brings.
mkdir -p opt/kinds opt/swap
echo back > opt/kinds/one && : > opt/kinds/.wh.one && : > opt/kinds/.wh.two && : > opt/swap/.wh.twin-a
echo here > opt/swap/twin-a
tar --create --numeric-owner --file "$WORK/whiteouts.tar" opt/kinds/.wh.one opt/kinds/one opt/kinds/.wh.two opt/swap/twin-a opt/swap/.wh.twin-a
layer whiteouts
# Gone: a directory whose parents are not in the layer, and something that never was.
mkdir -p usr/share/zoneinfo opt/nowhere
: > usr/share/zoneinfo/.wh.Asia && : > opt/nowhere/.wh.nothing
tar --create --numeric-owner --file "$WORK/gone.tar" usr/share/zoneinfo/.wh.Asia opt/nowhere/.wh.nothing
layer gone
