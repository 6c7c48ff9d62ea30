# RUN replace directories by files and links, and files by directories
cd "$ROOT"
rm -r usr/share/doc/less && echo 'a file where a directory was' > usr/share/doc/less
rm -r usr/share/locale/de && ln -s fr usr/share/locale/de
rm -r usr/share/doc/tzdata && ln -s ../common-licenses usr/share/doc/tzdata
rm usr/share/common-licenses/GPL && mkdir usr/share/common-licenses/GPL
echo 'inside' > usr/share/common-licenses/GPL/text
rm etc/issue.net && mkdir -p etc/issue.net/deep/er && echo 'x' > etc/issue.net/deep/er/file
mv usr/share/bash-completion usr/share/moved-completion
# Modes, owners and times alone.
chmod u-s usr/bin/chfn
chmod 4711 usr/bin/ls
chown 33:33 etc/motd
touch -d '2001-02-03 04:05:06' etc/hostname
# One of two names of a file goes, another comes.
rm usr/bin/perl5.*
ln usr/bin/perl usr/local/bin/perl-again
