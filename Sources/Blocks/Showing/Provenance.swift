import Charts
import JSONText
import Markup

/// The line under a caption that says what was computed: model, data, positions, sample size, seed, settings.
public enum Provenance {
  /// The facts of one evaluation and its comparison.
  public static func items(_ evaluation: Evaluation, in language: Language) -> [ProvenanceItem] {
    var items = model(evaluation, language) + files(evaluation, language)
    items += evaluation.comparison.flatMap { model($0, language) }
    if let dataset = evaluation.dataset {
      items.append(ProvenanceItem(language("data", "データ"), dataset.name))
      items.append(ProvenanceItem("", String(dataset.digest.prefix(8)), isCode: true))
    }
    if evaluation.model != nil { items += sample([evaluation.facts] + evaluation.comparison.map(\.facts), language) }
    items += evaluation.view.remarks(in: language)
    items += settings(evaluation)
    items.append(
      ProvenanceItem(language("engine", "エンジン"), "\(evaluation.engine.name) \(evaluation.engine.version)"))
    return items
  }

  /// The facts that the directive itself does not say, in a sentence's form: model, data and sample, with digests.
  public static func origin(_ evaluation: Evaluation, in language: Language) -> String {
    var items = model(evaluation, language)
    if let dataset = evaluation.dataset {
      items.append(ProvenanceItem(language("data", "データ"), "\(dataset.name) \(dataset.digest.prefix(8))"))
    }
    items += sample([evaluation.facts], language)
    items.append(ProvenanceItem(language("engine", "エンジン"), "\(evaluation.engine.name) \(evaluation.engine.version)"))
    return items.map { $0.name.isEmpty ? $0.value : "\($0.name) \($0.value)" }.joined(separator: " · ")
  }

  private static func model(_ evaluation: Evaluation, _ language: Language) -> [ProvenanceItem] {
    guard let model = evaluation.model else { return [] }
    let facts = evaluation.facts
    let family = facts.family.map { "\($0), " } ?? ""
    let shape = language("\(facts.blocks) blocks × \(facts.width)", "\(facts.blocks)ブロック × \(facts.width)")
    return [
      ProvenanceItem(language("model", "モデル"), "\(model.name) (\(family)\(shape))"),
      ProvenanceItem("", String(model.digest.prefix(8)), isCode: true),
    ]
  }

  /// The files that its settings name, each with the digest of what stood in it.
  private static func files(_ evaluation: Evaluation, _ language: Language) -> [ProvenanceItem] {
    evaluation.namedFiles.map { (language("file", "ファイル"), $0) }.flatMap(item)
      + evaluation.programFiles.map { (language("program", "プログラム"), $0) }.flatMap(item)
  }

  private static func item(_ name: String, _ file: NamedDigest) -> [ProvenanceItem] {
    [
      ProvenanceItem(name, file.name),
      ProvenanceItem("", String(file.digest.prefix(8)), isCode: true),
    ]
  }

  /// Sizes of the sample; where a second model cuts the same texts into other tokens, both counts.
  private static func sample(_ facts: [Facts], _ language: Language) -> [ProvenanceItem] {
    func counts(_ numbers: [Int]) -> String {
      let shown = Set(numbers).count == 1 ? Array(numbers.prefix(1)) : numbers
      return shown.map { NumberText.integer($0) }.joined(separator: " / ")
    }
    var items: [ProvenanceItem] = []
    let texts = facts.compactMap(\.texts)
    if !texts.isEmpty { items.append(ProvenanceItem(language("texts", "文数"), counts(texts))) }
    let positions = texts == facts.map(\.positions) ? "" : counts(facts.map(\.positions)) + " "
    items.append(ProvenanceItem(language("positions", "位置"), positions + (facts.first?.position ?? "")))
    if let split = facts.first?.split {
      items.append(ProvenanceItem(language("train / test", "訓練 / 評価"), "\(split.train) / \(split.test)"))
    }
    return items
  }

  /// Every other setting; the ones already said are left out.
  private static func settings(_ evaluation: Evaluation) -> [ProvenanceItem] {
    var said: Set<String> = ["n", "position", "view", "train", "test"]
    said.formUnion(evaluation.view.keys.map(\.setting).filter { $0.type == .file }.map(\.name))
    // The ridge preview knows neither a cost nor a tube.
    if evaluation.settings["solver"]?.stringValue == "ridge" { said.formUnion(["C", "epsilon"]) }
    return evaluation.settings.compactMap { key, value in
      said.contains(key) || value.isNull ? nil : ProvenanceItem(key, text(value))
    }
  }

  /// `4.0` as `4`.
  private static func whole(_ number: String) -> String { number.hasSuffix(".0") ? String(number.dropLast(2)) : number }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .bool(let flag): flag ? "on" : "off"
    case .string(let text): text
    case .array(let items): items.map(text).joined(separator: ",")
    default: whole(JSON.write(value))
    }
  }
}
