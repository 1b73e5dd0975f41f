import Diagnostics

/// A work that a text may cite.
public struct Reference: Sendable, Equatable {
  /// What the text calls it.
  public var key: String
  /// Who wrote it; where nobody did, who edited it.
  public var authors: [PersonName] = []
  public var title = ""
  /// What it appeared in: a journal, a collection.
  public var container = ""
  /// The year as it is written; empty where it has none.
  public var year = ""
  public var volume = ""
  public var issue = ""
  public var pages = ""
  public var publisher = ""
  public var doi = ""
  /// The number of a preprint at arXiv.
  public var arXiv = ""
  public var url = ""

  public init(key: String) { self.key = key }

  /// Where it is found: its DOI, its preprint, its address; nil where none of them is one.
  public var address: String? {
    if !doi.isEmpty {
      let bare =
        ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
        .first { doi.lowercased().hasPrefix($0) }.map { String(doi.dropFirst($0.count)) } ?? doi
      return "https://doi.org/" + bare
    }
    if !arXiv.isEmpty { return "https://arxiv.org/abs/" + arXiv }
    return url.hasPrefix("https://") || url.hasPrefix("http://") ? url : nil
  }
}

/// Who wrote a work.
public struct PersonName: Sendable, Equatable {
  /// The family name with its particles, or the whole name of an institution.
  public var family: String
  /// The given names as written; empty for an institution.
  public var given: String

  public init(family: String, given: String = "") { (self.family, self.given) = (family, given) }

  /// What stands for those who are not named, as in `and others`.
  static let others = PersonName(family: "others", given: "\u{0}")
  var isOthers: Bool { self == .others }

  /// Family name and initials: `Müller, J.-P.`; a given name in another script stays whole.
  var listed: String {
    guard !given.isEmpty else { return family }
    let parts = given.split(separator: " ").map { part in
      part.split(separator: "-").map { piece -> String in
        guard let first = piece.first, first.unicodeScalars.allSatisfy({ $0.value < 0x2000 }), first.isLetter else {
          return String(piece)
        }
        return "\(first)."
      }.joined(separator: "-")
    }
    return family + ", " + parts.joined(separator: " ")
  }
}

/// The works of a document's files.
public struct Bibliography: Sendable, Equatable {
  /// The works in the order of their files.
  public private(set) var works: [Reference] = []
  private var places: [String: Int] = [:]

  /// No works.
  public init() {}

  /// The most works of a document's files together.
  public static let mostWorks = 20_000

  /// Adds a work; false where one of its key is there, or there are too many.
  mutating func add(_ work: Reference) -> Bool {
    guard places[work.key] == nil, works.count < Self.mostWorks else { return false }
    places[work.key] = works.count
    works.append(work)
    return true
  }

  /// The work of a key.
  public subscript(key: String) -> Reference? { places[key].map { works[$0] } }

  /// Adds the works of a file: CSL-JSON where its name ends in `.json`, else BibTeX.
  ///
  /// - Returns: what is wrong with the file, at its places.
  public mutating func read(_ file: SourceFile) -> [Diagnostic] {
    file.path.hasSuffix(".json") ? CSLReader.read(file, into: &self) : BibTeXReader.read(file, into: &self)
  }
}
