# RUN replace everything by something else
cd "$ROOT/opt/swap"
for old in file directory symlink fifo device; do
    for new in file directory symlink fifo device nothing; do
        rm -r "$old-$new"
        case $new in
            file) echo "new after $old" > "$old-$new" ;;
            directory) mkdir "$old-$new" && echo new > "$old-$new/new" ;;
            symlink) ln -s ../names "$old-$new" ;;
            fifo) mkfifo "$old-$new" ;;
            device) mknod "$old-$new" b 7 0 ;;
        esac
    done
done
# A twin written anew, a twin gone; the pair keeps its content, with another mode.
rm twin-b && echo two > twin-b
rm twin-c
chmod 600 pair-a
echo 54321 > same-size
touch same-all
chown 12:34 whiteout-and-back
rm whiteout-and-back/file && echo new > whiteout-and-back/file
# A name of a file that a layer below has.
ln "$ROOT/opt/kinds/attributes" attributes-again
ln "$ROOT/usr/bin/su" su-again
