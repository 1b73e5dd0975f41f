"""Hidden states and self-distillation past one machine, in Layerbook's formats."""
