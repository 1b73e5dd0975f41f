extension ModelConfiguration {
  /// Reads a config.json.
  ///
  /// Missing keys take the defaults of transformers' configuration classes, because those leave out what equals them;
  /// the other sizes have no defaults. `hasHead` says what the configuration promises; opening the tensors settles it.
  /// What is neither honoured nor refused: see `ArchitectureOptions`.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - path: The path for messages.
  /// - Throws: `ModelError` with code `configuration`, or `unsupported` for an architecture or an option that would
  ///   change the numbers and is not implemented. An unknown architecture goes before every other complaint.
  public init(_ bytes: [UInt8], path: String) throws(ModelError) {
    var fields = try ConfigurationFields(path: path, bytes: bytes)
    let bypass = try BypassDeclaration(fields)
    if let bypass {
      fields.replace("model_type", by: .string(bypass.modelType))
      fields.replace("architectures", by: bypass.architectures)
    }
    let family = try Family(fields)
    try ArchitectureOptions.refuseForeign(fields, own: family.reader.ownOptions, family: family.name)
    self = try family.reader.configuration(fields)
    if let bypass { try add(bypass, path: path) }
  }
}
