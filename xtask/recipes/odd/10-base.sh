# ADD some of minbase.tar.gz /
tar --extract --gzip --numeric-owner --preserve-permissions --file "$BASE" --directory "$ROOT" --wildcards \
    ./bin ./sbin ./lib ./lib64 ./etc './usr/bin/perl*' './usr/bin/*sh' ./usr/bin/passwd ./usr/bin/su ./usr/sbin/ldconfig \
    ./usr/share/zoneinfo/Europe ./usr/share/zoneinfo/Asia ./usr/share/common-licenses ./usr/share/tabset ./usr/share/doc/apt
mkdir -p "$ROOT/opt" "$ROOT/srv" "$ROOT/var/lib" && chmod 755 "$ROOT/opt" "$ROOT/srv"
