/// What a version says about itself to the tools of the field.
public struct ArchiveDescription: Sendable {
  /// The report's title.
  public var title: String
  /// A sentence or more on what the report is about.
  public var summary: String
  /// The authors' names.
  public var authors: [String]
  /// The day of archiving as `YYYY-MM-DD`.
  public var date: String
  /// The licence: a URL, or words; nil where none is stated.
  public var license: String?
  /// The version of the program that made the page.
  public var version: String

  public init(
    title: String, summary: String, authors: [String] = [], date: String, license: String? = nil, version: String
  ) {
    self.title = title
    self.summary = summary
    self.authors = authors
    self.date = date
    self.license = license
    self.version = version
  }

  /// The date as `YYYYMMDD`; nil where it is no date of the form `YYYY-MM-DD`.
  var compactDate: String? {
    let parts = date.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]),
      date.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    return parts.joined()
  }
}
