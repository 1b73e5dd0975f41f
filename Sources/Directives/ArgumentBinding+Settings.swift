import Diagnostics

// What the keys of a directive give: names of models and datasets, settings, form and tolerance.
extension ArgumentBinding {
  mutating func readName(_ key: String, _ type: SettingType) -> String? {
    guard let argument = given[key] else { return nil }
    guard case .word(let text)? = read(argument, as: type, named: key) else { return nil }
    return text
  }

  /// The dataset, unless every model brings samples of its own: then one that is written would mean nothing.
  mutating func readDataset(versus: [String]) -> String? {
    let written = readName("dataset", .dataset)
    guard hasOwnData(versus) else { return written ?? standardDataset ?? scope.dataset }
    let models = [model].compactMap { $0 } + versus
    if let argument = given["dataset"], written != nil {
      fault(
        argument.keySpan ?? argument.span,
        "'dataset' has no meaning here: \(models.joined(separator: " and ")) \(models.count == 1 ? "is" : "are") captured states",
        ["the texts are those the states were captured from; capture again for others"])
    }
    return nil
  }

  /// The dataset of the directive's own kind, where the book has it and nobody chose another.
  private var standardDataset: String? {
    scope.choosesDataset ? nil : schema.standardDataset.flatMap { scope.datasets.contains($0) ? $0 : nil }
  }

  /// Whether every model brings samples of its own.
  func hasOwnData(_ versus: [String]) -> Bool {
    let models = [model].compactMap { $0 } + versus
    return !models.isEmpty && models.allSatisfy(scope.modelsWithOwnData.contains)
  }

  mutating func requireNames(dataset: String?) {
    if schema.takesModel, model == nil, !faults.hasErrors {
      fault(directive.nameSpan, "no model for '\(schema.name)'", ["name one, or set 'model' in the front matter"])
    }
    let bringsData = model.map(scope.modelsWithOwnData.contains) ?? false
    let bringsText = schema.bringsText && given["text"] != nil
    if schema.takesDataset, dataset == nil, !bringsData, !bringsText, !faults.hasErrors {
      fault(
        directive.nameSpan, "no dataset for '\(schema.name)'", ["write dataset=…, or set 'dataset' in the front matter"]
      )
    }
  }

  mutating func readSettings() -> [String: SettingValue] {
    var values: [String: SettingValue] = [:]
    for key in schema.allKeys {
      let applies = key.only.isEmpty || key.only.contains(where: view.contains)
      if let argument = given[key.name] {
        if applies {
          values[key.name] = read(argument, as: key.type, named: key.name)
        } else {
          fault(argument.keySpan ?? argument.span, "key '\(key.name)' does not go with '\(title)'")
        }
      } else if applies {
        values[key.name] = standard(of: key)
      }
    }
    return values
  }

  /// The value of a key that was not written: the document's default, its seed, the schema's default.
  private mutating func standard(of key: SettingKey) -> SettingValue {
    if let parameter = scope.parameter(key.name) {
      do throws(SettingFault) {
        return try key.type.read(parameter.text, scope: scope)
      } catch {
        let message = error.message ?? "'\(key.name)' must be \(error.expected), found '\(parameter.text)'"
        let place = parameter.file == nil ? "--set: " : ""
        faults.append(
          Diagnostic(
            file: parameter.file, span: parameter.file == nil ? nil : parameter.span,
            message: place + message + ", as '\(schema.name)' takes it", hints: error.hints))
        return key.standard
      }
    }
    if key.name == Key<Int>.seed.name, let seed = scope.seed { return .int(seed) }
    if key.isRequired, !faults.hasErrors {
      fault(directive.nameSpan, "'\(schema.name)' needs '\(key.name)': \(key.type.wording)", example())
    }
    return key.standard
  }

  mutating func readForm() -> OutputForm? {
    let type = SettingType.choice(schema.forms.map(\.rawValue))
    if let argument = given["as"] {
      guard case .word(let word)? = read(argument, as: type, named: "as") else { return nil }
      return OutputForm(rawValue: word)
    }
    guard takesPresentation, let word = scope.parameter("as")?.text else { return nil }
    return schema.forms.first { $0.rawValue == word }
  }

  /// `tol=0.01` or `tol=1%`: the change that a comparison with an earlier version passes over.
  mutating func readTolerance() -> String? {
    guard let argument = given["tol"] else { return nil }
    let text = argument.value
    let number = NumberReading.double(text.hasSuffix("%") ? String(text.dropLast()) : text)
    guard let number, number >= 0 else {
      fault(argument.valueSpan, "'tol' must be a number or a percentage from 0, found \(found(argument))")
      return nil
    }
    return text
  }

  mutating func read(_ argument: DirectiveArgument, as type: SettingType, named key: String) -> SettingValue? {
    // A value the reader has already complained about.
    if argument.value.isEmpty, !argument.isQuoted { return nil }
    do throws(SettingFault) {
      return try type.read(argument.value, scope: scope)
    } catch {
      fault(
        argument.valueSpan, error.message ?? "'\(key)' must be \(error.expected), found \(found(argument))",
        error.hints)
      return nil
    }
  }
}
