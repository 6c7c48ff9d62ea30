# RUN make names that are hard to bear
mkdir "$ROOT/opt/names" && cd "$ROOT/opt/names"
name() { printf "$@" > name.tmp && mv name.tmp "$(printf "$@")"; }
name 'caf\351'
name '\377\376'
name 'caf\303\251'
name 'cafe\314\201'
name '\342\230\203 \360\237\232\242'
name 'right \342\200\256to left'
name 'new\nline'
name 'tab\tbell\a'
name 'back\\slash'
name '"quotes"'
name "it's"
name ' before and after '
name 'a -> b'
name '\033[31mred'
name '*?[x]'
name '%%41'
name 'wh.file'
name '.w'
name '..dots'
long() { printf "%0$1d" 0 | tr 0 "$2"; }
# Around the lengths that the formats of tar take.
for length in 98 99 100 101 154 155 156 250 255; do
    name "$(long "$length" n)"
done
deep=.
for level in 1 2 3 4 5 6 7 8 9; do
    deep="$deep/$level$(long 200 d)"
done
mkdir -p "$deep" && echo deep > "$deep/file"
ln -s "$(long 99 l)" link99
ln -s "$(long 100 l)" link100
ln -s "$(long 101 l)" link101
ln -s "$(long 255 x)/$(long 255 y)/$(long 255 z)/$(long 255 w)" link1000
ln -s "$(printf 'caf\351')" link-bytes
ln -s '../../../../../../etc/passwd' link-out
ln -s /etc/passwd link-absolute
ln -s "$deep/file" link-deep
ln -s . link-self
