# Of its dependencies these four run something when they are installed; npm asks to have each named.
install_beside openclaw "$openclaw_root" "openclaw@$version" 1500 \
  --allow-scripts=openclaw,koffi,protobufjs,@google/genai
