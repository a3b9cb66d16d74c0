case $runtime in
  node) root=$node_root ;;
  openclaw) root=$openclaw_root ;;
  *) root=$pawl_root ;;
esac
[ -e "$root/$version/.complete" ] || stop "$STEP_FAILED" "$root/$version is not complete"
ln -sfn "$version" "$root/.next"
mv -fT "$root/.next" "$root/current"
