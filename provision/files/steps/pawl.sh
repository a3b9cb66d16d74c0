[ -e "$pawl_root/$version/.complete" ] && exit 0
mkdir -p "$pawl_root"
cat >"$pawl_root/.upload.tgz"
install_beside pawl "$pawl_root" "$pawl_root/.upload.tgz" 300 --ignore-scripts
rm -f "$pawl_root/.upload.tgz"
