// What a block says of its figure: the models it shows, and its size.
extension ArgumentBinding {
  /// More models than this are not told apart in one figure.
  private static let modelLimit = 12

  /// The models beside the first; `models=` also says which is the first.
  mutating func readModels() -> [String] {
    var names: [String] = []
    if let argument = given["models"], case .words(let words)? = read(argument, as: .models, named: "models") {
      guard model == nil, others.isEmpty else {
        let other = model ?? others.first?.value ?? ""
        fault(argument.keySpan ?? argument.span, "'models' names every model: write '\(other)' among them")
        return []
      }
      model = words.first
      names = Array(words.dropFirst())
    }
    for argument in others {
      if case .word(let name)? = read(argument, as: .model, named: "vs") { names.append(name) }
    }
    let place = given["models"] ?? others.last
    let all = ([model ?? scope.model].compactMap { $0 }) + names
    if let place, let twice = all.indices.first(where: { all[..<$0].contains(all[$0]) }) {
      fault(place.valueSpan, "the model '\(all[twice])' is named twice")
    } else if let place, all.count > Self.modelLimit {
      fault(place.valueSpan, "\(all.count) models, and one figure shows \(Self.modelLimit) at most")
    }
    return names
  }

  /// `width=` and `height=`.
  mutating func readSize() -> FigureSize {
    var size = FigureSize()
    let widths = FigureSize.Width.allCases.map(\.rawValue)
    if let argument = given["width"], case .word(let word)? = read(argument, as: .choice(widths), named: "width") {
      size.width = FigureSize.Width(rawValue: word)
    }
    if let argument = given["height"],
      case .int(let height)? = read(argument, as: .int(FigureSize.heights), named: "height")
    {
      size.height = height
    }
    return size
  }
}
