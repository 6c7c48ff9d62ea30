# RUN replace whole directories
# What overlayfs makes opaque, or the tool has to tell by single whiteouts.
rm -rf /usr/share/zoneinfo/Europe && mkdir /usr/share/zoneinfo/Europe && echo here > /usr/share/zoneinfo/Europe/Atlantis
rm -rf /usr/share/bash-completion && mkdir -p /usr/share/bash-completion/completions
rm -rf /usr/share/perl5/Debconf && ln -s ../pixmaps /usr/share/perl5/Debconf
rm -rf /etc/skel && echo file > /etc/skel
mv /usr/share/zoneinfo/America /usr/share/zoneinfo/Americas
chmod 1777 /srv
chown -R 1000:1000 /home /opt
ln /usr/bin/perl /usr/local/bin/perl-again
rm /usr/share/zoneinfo/tzdata.zi
