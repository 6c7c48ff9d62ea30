# RUN make what the next step replaces
mkdir -p "$ROOT/opt/swap" && cd "$ROOT/opt/swap"
for old in file directory symlink fifo device; do
    for new in file directory symlink fifo device nothing; do
        case $old in
            file) echo "old $old" > "$old-$new" ;;
            directory) mkdir -p "$old-$new/a/b" && echo deep > "$old-$new/a/b/c" && echo top > "$old-$new/top" ;;
            symlink) ln -s ../kinds "$old-$new" ;;
            fifo) mkfifo "$old-$new" ;;
            device) mknod "$old-$new" c 1 3 ;;
        esac
    done
done
echo one > twin-a && ln twin-a twin-b && ln twin-a twin-c
echo one > pair-a && ln pair-a pair-b
echo 12345 > same-size
echo same > same-all && touch -d @1000000000 same-all
mkdir hidden && for n in 1 2 3 4 5; do echo "$n" > "hidden/$n"; done && mkdir hidden/folder && echo x > hidden/folder/file
mkdir whiteout-and-back && echo old > whiteout-and-back/file
