import Diagnostics

extension ModelConfiguration.Family {
  /// The classes of an architecture whose blocks are those of its language model.
  private static let classSuffixes = [
    "ForCausalLM", "Model", "LMHeadModel", "ForMaskedLM", "ForPreTraining", "DoubleHeadsModel",
    "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering", "ForMultipleChoice",
    "ForNextSentencePrediction",
  ]

  /// The family by `model_type`, or by `architectures` in files too old to have it; both must agree where both stand.
  ///
  /// - Throws: `ModelError` with code `unsupported` that names the architecture, those that are implemented and the
  ///   nearest of them.
  init(_ fields: ConfigurationFields) throws(ModelError) {
    let type = try fields.string("model_type")
    // An architecture that is not here is named before any other fault of its file.
    if let type, !Self.allCases.contains(where: { $0.rawValue == type }) {
      throw Self.unknown(type, try? fields.firstText("architectures"), fields)
    }
    let architecture = try fields.firstText("architectures")
    guard type != nil || architecture != nil else {
      throw .load(.configuration, fields.path, "neither 'model_type' nor 'architectures' says what the model is")
    }
    let found = Self.allCases.first { family in
      if let type, type != family.rawValue { return false }
      guard let architecture else { return true }
      return Self.classSuffixes.contains { architecture == family.reader.classPrefix + $0 }
    }
    guard let found else { throw Self.unknown(type, architecture, fields) }
    self = found
  }

  private static func unknown(_ type: String?, _ architecture: String?, _ fields: ConfigurationFields) -> ModelError {
    let typeName = type.map { "model type '\(quotable($0))'" }
    var subject = typeName ?? ""
    if let architecture {
      subject = "architecture '\(quotable(architecture))'" + (typeName.map { " of \($0)" } ?? "")
    }
    let supported = allCases.map { "\($0.name) (\($0.rawValue))" }.joined(separator: ", ")
    return .load(
      .unsupported, fields.path, "\(subject) is not implemented; supported are \(supported)",
      hint: nearest(type, architecture).map { "the nearest of them is \($0.name) ('model_type' \"\($0.rawValue)\")" })
  }

  private static func nearest(_ type: String?, _ architecture: String?) -> Self? {
    if let type, let name = Spelling.nearest(to: type, in: allCases.map(\.rawValue), limit: 1).first {
      return Self(rawValue: name)
    }
    guard let architecture else { return nil }
    let suffix = classSuffixes.first { architecture.hasSuffix($0) } ?? ""
    let prefix = String(architecture.dropLast(suffix.count))
    guard let name = Spelling.nearest(to: prefix, in: allCases.map { $0.reader.classPrefix }, limit: 1).first else {
      return nil
    }
    return allCases.first { $0.reader.classPrefix == name }
  }
}
