print("layerbook-bench")
