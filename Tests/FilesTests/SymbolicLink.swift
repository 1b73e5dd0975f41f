import Glibc

/// Makes a symbolic link and says whether that worked.
func link(_ target: String, _ path: String) -> Bool { symlink(target, path) == 0 }
