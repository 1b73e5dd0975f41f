import Diagnostics
import JSONText

/// Reads the works of a CSL-JSON file (the schema of citeproc: `csl-data.json`, version 1.0.2).
enum CSLReader {
  static func read(_ file: SourceFile, into bibliography: inout Bibliography) -> [Diagnostic] {
    let value: JSONValue
    do throws(JSONError) { value = try JSON.parse(file.bytes) } catch {
      return [Diagnostic(file: file, message: "not JSON: \(error)")]
    }
    guard let items = value.arrayValue ?? value["items"]?.arrayValue else {
      return [Diagnostic(file: file, message: "expected a JSON array of works, as CSL-JSON has it")]
    }
    var faults: [Diagnostic] = []
    for (index, item) in items.enumerated() where faults.count < 20 {
      guard let key = text(item["id"]) ?? text(item["citation-key"]) else {
        faults.append(Diagnostic(file: file, message: "work \(index + 1) has no 'id'"))
        continue
      }
      if !bibliography.add(work(item, key)) {
        faults.append(Diagnostic(file: file, message: "the key '\(quotable(key))' is given twice"))
      }
    }
    return faults
  }

  private static func work(_ item: JSONValue, _ key: String) -> Reference {
    func field(_ name: String) -> String { text(item[name]).map(collapsed) ?? "" }
    var work = Reference(key: key)
    work.authors = (item["author"]?.arrayValue ?? item["editor"]?.arrayValue ?? []).compactMap(person)
    work.title = field("title")
    work.container = field("container-title")
    work.year = year(item["issued"])
    work.volume = field("volume")
    work.issue = field("issue")
    work.pages = field("page").replacing("-", with: "–")
    work.publisher = field("publisher")
    work.doi = field("DOI")
    work.url = field("URL")
    return work
  }

  private static func person(_ value: JSONValue) -> PersonName? {
    if let literal = text(value["literal"]) { return PersonName(family: collapsed(literal)) }
    guard let family = text(value["family"]) else { return nil }
    let particle = text(value["non-dropping-particle"]) ?? text(value["dropping-particle"])
    return PersonName(
      family: collapsed((particle.map { $0 + " " } ?? "") + family), given: collapsed(text(value["given"]) ?? ""))
  }

  private static func year(_ value: JSONValue?) -> String {
    if let year = value?["date-parts"]?.arrayValue?.first?.arrayValue?.first { return text(year) ?? "" }
    let written = text(value?["raw"]) ?? text(value?["literal"]) ?? ""
    return String(written.prefix { $0 != "-" && $0 != "/" })
  }

  /// Text, or a number as it is written.
  private static func text(_ value: JSONValue?) -> String? {
    value?.stringValue ?? value?.intValue.map(String.init)
  }

  private static func collapsed(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }
}
