import Foundation

/// A path from the root, with `.` and `..` folded; links are left as they are.
func absolutePath(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
