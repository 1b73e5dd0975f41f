/// What a file is whose first bytes show that it is no text in UTF-8.
public enum ForeignFormat: Sendable, CaseIterable {
  case gzip, zstandard, parquet, arrow, workbook, utf16

  /// The format that `bytes` begin with; nil where they may be text.
  public init?(_ bytes: some Collection<UInt8>) {
    guard let found = Self.allCases.first(where: { format in format.marks.contains { bytes.starts(with: $0) } }) else {
      return nil
    }
    self = found
  }

  /// Its name in a message.
  public var name: String {
    switch self {
    case .gzip: "compressed by gzip"
    case .zstandard: "compressed by zstd"
    case .parquet: "a Parquet file"
    case .arrow: "an Arrow file"
    case .workbook: "a zip archive or a workbook"
    case .utf16: "text in UTF-16"
    }
  }

  /// What to do to have a file that can be read.
  public var hint: String {
    switch self {
    case .gzip: "unpack it: gunzip --keep FILE"
    case .zstandard: "unpack it: zstd --decompress FILE"
    case .parquet: Self.conversion("read_parquet")
    case .arrow: Self.conversion("read_feather")
    case .workbook: "save it as comma-separated values in UTF-8"
    case .utf16: "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW"
    }
  }

  private static func conversion(_ reader: String) -> String {
    #"convert it: python3 -c 'import pandas; pandas.\#(reader)("FILE").to_csv("FILE.csv", index=False)'"#
  }

  private var marks: [[UInt8]] {
    switch self {
    case .gzip: [[0x1F, 0x8B]]
    case .zstandard: [[0x28, 0xB5, 0x2F, 0xFD]]
    case .parquet: [Array("PAR1".utf8)]
    case .arrow: [Array("ARROW1".utf8), Array("FEA1".utf8)]
    case .workbook: [[0x50, 0x4B, 0x03, 0x04]]
    case .utf16: [[0xFF, 0xFE], [0xFE, 0xFF]]
    }
  }
}
