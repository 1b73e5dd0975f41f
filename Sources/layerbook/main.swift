print("layerbook")
