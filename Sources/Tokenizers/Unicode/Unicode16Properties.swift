// Written by Tests/Generators/unicode_tables.py; do not edit.

/// Runs of code points with the same properties in regular expressions, Unicode 16.0, from U+0000.
///
/// Each word is `length:flags` in base 36; bit n says that the code point has property n of
/// `PatternProperties.names`.
let unicode16Properties = """
  w:w 1:0 3:pag 1:g 3:pag 2:8 1:pag 1:g 1:pag 1:8 2:pag a:bbpg 2:pag 3:g 2:pag q:guv5 1:8 1:pag 1:8 1:g 1:b8js 1:g \
  q:guwx 1:8 1:g 1:8 1:g x:w 1:0 1:pag 4:g 1:1ekw 1:pag 1:g 1:1ekw 1:gv7l 1:8 1:g 1:w 1:1ekw 1:g 1:1ekw 1:g 2:bl6s 1:g \
  1:guwx 2:pag 1:g 1:bl6s 1:gv7l 1:8 3:bl6s 1:pag n:guv5 1:g 7:guv5 o:guwx 1:g 8:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 2:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 2:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 2:guv5 1:guwx 1:guv5 1:guwx 1:guv5 3:guwx 2:guv5 1:guwx 1:guv5 1:guwx 2:guv5 1:guwx 3:guv5 2:guwx \
  4:guv5 1:guwx 2:guv5 1:guwx 3:guv5 3:guwx 2:guv5 1:guwx 2:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 2:guv5 1:guwx \
  1:guv5 2:guwx 1:guv5 1:guwx 2:guv5 1:guwx 3:guv5 1:guwx 1:guv5 1:guwx 2:guv5 2:guwx 1:gv7l 1:guv5 3:guwx 4:gv7l \
  1:guv5 1:gutd 1:guwx 1:guv5 1:gutd 1:guwx 1:guv5 1:gutd 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 2:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 2:guwx 1:guv5 1:gutd 1:guwx 1:guv5 1:guwx \
  3:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 7:guwx 2:guv5 1:guwx 2:guv5 2:guwx \
  1:guv5 1:guwx 4:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1x:guwx 1:gv7l r:guwx i:gv0h 4:g c:gv0h \
  e:g 5:gv0h 7:g 1:gv0h 1:g 1:gv0h h:g 1x:b9c2 1:gvlu t:b9c2 d:gvlu 1:guv5 1:guwx 1:guv5 1:guwx 1:gv0h 1:g 1:guv5 \
  1:guwx 2:w 1:gv0h 3:guwx 1:pag 1:guv5 4:w 2:g 1:guv5 1:pag 3:guv5 1:w 1:guv5 1:w 2:guv5 1:guwx h:guv5 1:w 9:guv5 \
  z:guwx 1:guv5 2:guwx 3:guv5 3:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 5:guwx 1:guv5 1:guwx 1:g 1:guv5 \
  1:guwx 2:guv5 2:guwx 1f:guv5 1c:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:1ekw 5:b9c2 2:b8jm 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  2:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 2:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:w 12:guv5 2:w \
  1:gv0h 6:pag 15:guwx 1:pag 1:8 2:w 2:1ekw 1:g 1:w v:b9c2 e:gvlu 1:8 1:gvlu 1:pag 2:gvlu 1:pag 2:gvlu 1:pag 1:gvlu \
  8:w r:gv7l 4:w 4:gv7l 2:pag h:w 3:g 2:pag 1:g 2:pag 2:1ekw b:gvlu 1:pag 1:w 3:pag w:gv7l 1:gv0h a:gv7l d:gvlu 1:b9c2 \
  7:gvlu a:bbpg 4:pag 2:gv7l 1:gvlu 2r:gv7l 1:pag 1:gv7l 7:gvlu 1:w 1:1ekw 2:b9c2 4:gvlu 2:gv0h 2:gvlu 1:1ekw 3:b9c2 \
  1:gvlu 2:gv7l a:bbpg 3:gv7l 2:1ekw 1:gv7l e:pag 2:w 1:gv7l 1:gvlu u:gv7l g:gvlu b:b9c2 2:w 2h:gv7l b:gvlu 1:gv7l e:w \
  a:bbpg x:gv7l 9:b9c2 2:gv0h 1:1ekw 3:pag 1:gv0h 2:w 1:b9c2 2:g m:gv7l 2:gvlu 2:b9c2 1:gv0h 9:gvlu 1:gv0h 3:gvlu \
  1:gv0h 4:gvlu 1:b9c2 2:w f:pag 1:w p:gv7l 3:b9c2 2:w 1:pag 1:w b:gv7l 5:w o:gv7l 1:g 6:gv7l 8:w 1:gvlu 8:b9c2 \
  15:gv7l 1:gv0h a:b9c2 c:gvlu 2:b9c2 1:w 7:gvlu 6:b9c2 j:gvlu 1:gwea 1i:gv7l 1:gvlu 1:gwea 1:b9c2 1:gv7l 3:gwea \
  8:gvlu 4:gwea 1:b9c2 2:gwea 1:gv7l 4:b9c2 3:gvlu a:gv7l 2:gvlu 2:pag a:bbpg 1:pag 1:gv0h f:gv7l 1:gvlu 2:gwea 1:w \
  8:gv7l 2:w 2:gv7l 2:w m:gv7l 1:w 7:gv7l 1:w 1:gv7l 3:w 4:gv7l 2:w 1:b9c2 1:gv7l 3:gwea 4:gvlu 2:w 2:gwea 2:w 2:gwea \
  1:b9c2 1:gv7l 8:w 1:gwea 4:w 2:gv7l 1:w 3:gv7l 2:gvlu 2:w a:bbpg 2:gv7l 2:g 6:cn8 1:1ekw 1:g 1:gv7l 1:pag 1:b9c2 2:w \
  2:gvlu 1:gwea 1:w 6:gv7l 4:w 2:gv7l 2:w m:gv7l 1:w 7:gv7l 1:w 2:gv7l 1:w 2:gv7l 1:w 2:gv7l 2:w 1:b9c2 1:w 3:gwea \
  2:gvlu 4:w 2:gvlu 2:w 2:gvlu 1:b9c2 3:w 1:gvlu 7:w 4:gv7l 1:w 1:gv7l 7:w a:bbpg 2:gvlu 3:gv7l 1:gvlu 1:pag a:w \
  2:gvlu 1:gwea 1:w 9:gv7l 1:w 3:gv7l 1:w m:gv7l 1:w 7:gv7l 1:w 2:gv7l 1:w 5:gv7l 2:w 1:b9c2 1:gv7l 3:gwea 5:gvlu 1:w \
  2:gvlu 1:gwea 1:w 2:gwea 1:b9c2 2:w 1:gv7l f:w 2:gv7l 2:gvlu 2:w a:bbpg 1:pag 1:g 7:w 1:gv7l 3:gvlu 3:b9c2 1:w \
  1:gvlu 2:gwea 1:w 8:gv7l 2:w 2:gv7l 2:w m:gv7l 1:w 7:gv7l 1:w 2:gv7l 1:w 5:gv7l 2:w 1:b9c2 1:gv7l 1:gwea 1:gvlu \
  1:gwea 4:gvlu 2:w 2:gwea 2:w 2:gwea 1:b9c2 7:w 1:b9c2 1:gvlu 1:gwea 4:w 2:gv7l 1:w 3:gv7l 2:gvlu 2:w a:bbpg 1:1ekw \
  1:gv7l 6:cn8 a:w 1:gvlu 1:gv7l 1:w 6:gv7l 3:w 3:gv7l 1:w 4:gv7l 3:w 2:gv7l 1:w 1:gv7l 1:w 2:gv7l 3:w 2:gv7l 3:w \
  3:gv7l 3:w c:gv7l 4:w 2:gwea 1:gvlu 2:gwea 3:w 3:gwea 1:w 3:gwea 1:b9c2 2:w 1:gv7l 6:w 1:gwea e:w a:bbpg 3:cn8 \
  6:1ekw 1:g 1:1ekw 5:w 1:gvlu 3:gwea 1:gvlu 8:gv7l 1:w 3:gv7l 1:w n:gv7l 1:w g:gv7l 2:w 1:b9c2 1:gv7l 3:gvlu 4:gwea \
  1:w 3:gvlu 1:w 3:gvlu 1:b9c2 7:w 2:gvlu 1:w 3:gv7l 2:w 1:gv7l 2:w 2:gv7l 2:gvlu 2:w a:bbpg 7:w 1:pag 7:cn8 1:1ekw \
  1:gv7l 1:gvlu 2:gwea 1:pag 8:gv7l 1:w 3:gv7l 1:w n:gv7l 1:w a:gv7l 1:w 5:gv7l 2:w 1:b9c2 1:gv7l 1:gwea 1:gvlu 5:gwea \
  1:w 1:gvlu 2:gwea 1:w 2:gwea 1:gvlu 1:b9c2 7:w 2:gwea 6:w 2:gv7l 1:w 2:gv7l 2:gvlu 2:w a:bbpg 1:w 2:gv7l 1:gwea c:w \
  2:gvlu 2:gwea 9:gv7l 1:w 3:gv7l 1:w 15:gv7l 2:b9c2 1:gv7l 3:gwea 4:gvlu 1:w 3:gwea 1:w 3:gwea 1:b9c2 1:gv7l 1:1ekw \
  4:w 3:gv7l 1:gwea 7:cn8 3:gv7l 2:gvlu 2:w a:bbpg 9:cn8 1:1ekw 6:gv7l 1:w 1:gvlu 2:gwea 1:w i:gv7l 3:w o:gv7l 1:w \
  9:gv7l 1:w 1:gv7l 2:w 7:gv7l 3:w 1:b9c2 4:w 3:gwea 3:gvlu 1:w 1:gvlu 1:w 8:gwea 6:w a:bbpg 2:w 2:gwea 1:pag c:w \
  1c:gv7l 1:gvlu 2:gv7l 7:gvlu 4:w 1:g 6:gv7l 1:gv0h 6:b9c2 1:gvlu 1:b9c2 1:pag a:bbpg 2:pag 11:w 2:gv7l 1:w 1:gv7l \
  1:w 5:gv7l 1:w o:gv7l 1:w 1:gv7l 1:w a:gv7l 1:gvlu 2:gv7l 6:gvlu 1:b9c2 2:gvlu 1:gv7l 2:w 5:gv7l 1:w 1:gv0h 1:w \
  5:b9c2 1:gvlu 1:b9c2 1:w a:bbpg 2:w 4:gv7l w:w 1:gv7l 3:1ekw f:pag 1:1ekw 1:pag 3:1ekw 2:b9c2 6:1ekw a:bbpg a:cn8 \
  1:1ekw 1:b9c2 1:1ekw 1:b9c2 1:1ekw 1:b9c2 4:8 2:ba4i 8:gv7l 1:w 10:gv7l 4:w e:gvlu 1:gwea 4:gvlu 1:b9c2 1:pag 2:b9c2 \
  5:gv7l b:gvlu 1:w 10:gvlu 1:w 8:1ekw 1:b9c2 6:1ekw 1:w 2:1ekw 5:pag 4:1ekw 2:pag 11:w 17:gv7l 2:gwea 4:gvlu 1:gwea \
  5:gvlu 1:b9c2 1:gwea 2:b9c2 2:gwea 2:gvlu 1:gv7l a:bbpg 6:pag 6:gv7l 2:gwea 2:gvlu 4:gv7l 3:gvlu 1:gv7l 3:gwea \
  2:gv7l 7:gwea 3:gv7l 4:gvlu d:gv7l 1:gvlu 2:gwea 2:gvlu 6:gwea 1:gvlu 1:gv7l 1:gwea a:bbpg 3:gwea 1:gvlu 2:1ekw \
  12:guv5 1:w 1:guv5 5:w 1:guv5 2:w 17:guwx 1:pag 1:gv0h 3:guwx 95:gv7l 1:w 4:gv7l 2:w 7:gv7l 1:w 1:gv7l 1:w 4:gv7l \
  2:w 15:gv7l 1:w 4:gv7l 2:w x:gv7l 1:w 4:gv7l 2:w 7:gv7l 1:w 1:gv7l 1:w 4:gv7l 2:w f:gv7l 1:w 1l:gv7l 1:w 4:gv7l 2:w \
  1v:gv7l 2:w 3:b9c2 9:pag k:cn8 3:w g:gv7l a:1ekw 6:w 2e:guv5 2:w 6:guwx 2:w 1:8 h8:gv7l 1:1ekw 1:pag h:gv7l 1:0 \
  q:gv7l 2:8 3:w 23:gv7l 3:pag 3:h150 8:gv7l 7:w i:gv7l 2:gvlu 1:b9c2 1:ba4i 9:w j:gv7l 2:gvlu 1:ba4i 2:pag 9:w i:gv7l \
  2:gvlu c:w d:gv7l 1:w 3:gv7l 1:w 2:gvlu c:w 1g:gv7l 2:b9c2 1:gwea 7:gvlu 8:gwea 1:gvlu 2:gwea b:b9c2 3:pag 1:gv0h \
  3:pag 1:g 1:gv7l 1:b9c2 2:w a:bbpg 6:w a:cn8 6:w 6:pag 1:8 4:pag 3:b9c2 1:w 1:b9c2 a:bbpg 6:w z:gv7l 1:gv0h 1h:gv7l \
  7:w 5:gv7l 2:gvlu y:gv7l 1:gvlu 1:gv7l 5:w 1y:gv7l a:w v:gv7l 1:w 3:gvlu 4:gwea 2:gvlu 3:gwea 4:w 2:gwea 1:gvlu \
  6:gwea 3:b9c2 4:w 1:1ekw 3:w 2:pag a:bbpg u:gv7l 2:w 5:gv7l b:w 18:gv7l 4:w q:gv7l 6:w a:bbpg 1:cn8 3:w y:1ekw \
  n:gv7l 2:gvlu 2:gwea 1:gvlu 2:w 2:pag 1h:gv7l 1:gwea 1:gvlu 1:gwea 7:gvlu 1:w 1:b9c2 1:gwea 1:gvlu 2:gwea 8:gvlu \
  6:gwea 2:gvlu 8:b9c2 2:w 1:b9c2 a:bbpg 6:w a:bbpg 6:w 7:pag 1:gv0h 6:pag 2:w e:b9c2 1:b8jm 2:gvlu b:b9c2 3:gvlu 1d:w \
  4:gvlu 1:gwea 1b:gv7l 1:b9c2 1:gwea 5:gvlu 1:gwea 1:gvlu 5:gwea 1:gvlu 1:gwea 1:ba4i 8:gv7l 1:w 2:pag a:bbpg 7:pag \
  a:1ekw 9:b9c2 9:1ekw 3:pag 2:gvlu 1:gwea u:gv7l 1:gwea 4:gvlu 2:gwea 2:gvlu 1:ba4i 1:b9c2 2:gvlu 2:gv7l a:bbpg \
  18:gv7l 1:b9c2 1:gwea 2:gvlu 3:gwea 1:gvlu 1:gwea 3:gvlu 2:ba4i 8:w 4:pag 10:gv7l 8:gwea 8:gvlu 2:gwea 1:gvlu 1:b9c2 \
  3:w 5:pag a:bbpg 3:w 3:gv7l a:bbpg u:gv7l 6:gv0h 2:pag 9:guwx 1:guv5 1:guwx 5:w 17:guv5 2:w 3:guv5 8:pag 8:w 3:b9c2 \
  1:pag d:b9c2 1:ba4i 7:b9c2 4:gv7l 1:b9c2 6:gv7l 1:b9c2 2:gv7l 1:ba4i 2:b9c2 1:gv7l 5:w 18:guwx 1r:gv0h d:guwx 1:gv0h \
  y:guwx 11:gv0h j:b9c2 y:gvlu b:b9c2 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 9:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 9:guwx 8:guv5 6:guwx 2:w 6:guv5 \
  2:w 8:guwx 8:guv5 8:guwx 8:guv5 6:guwx 2:w 6:guv5 2:w 8:guwx 1:w 1:guv5 1:w 1:guv5 1:w 1:guv5 1:w 1:guv5 8:guwx \
  8:guv5 e:guwx 2:w 8:guwx 8:gutd 8:guwx 8:gutd 8:guwx 8:gutd 5:guwx 1:w 2:guwx 4:guv5 1:gutd 1:g 1:guwx 3:g 3:guwx \
  1:w 2:guwx 4:guv5 1:gutd 3:g 4:guwx 2:w 2:guwx 4:guv5 1:w 3:g 8:guwx 5:guv5 3:g 2:w 3:guwx 1:w 2:guwx 4:guv5 1:gutd \
  2:g 1:w b:0 5:w 6:8 2:pag 8:8 8:pag 2:0 5:w 1:0 9:pag 2:8 4:pag 2:b8js 3:pag 1:g 2:8 b:pag 1:g 1:pag 1:b8js a:pag \
  1:0 g:w 1:cn8 1:gv0h 2:w 6:cn8 3:g 2:8 1:gv0h a:cn8 3:g 2:8 1:w d:gv0h 3:w x:g f:w d:b9c2 4:b8jm 1:b9c2 3:b8jm \
  c:b9c2 f:w 2:1ekw 1:guv5 4:1ekw 1:guv5 2:1ekw 1:guwx 3:guv5 2:guwx 3:guv5 1:guwx 1:1ekw 1:guv5 2:1ekw 1:g 5:guv5 \
  6:1ekw 1:guv5 1:1ekw 1:guv5 1:1ekw 1:guv5 1:1ekw 4:guv5 1:1ekw 1:guwx 4:guv5 1:guwx 4:gv7l 1:guwx 2:1ekw 2:guwx \
  2:guv5 5:g 1:guv5 4:guwx 1:1ekw 1:g 2:1ekw 1:guwx 1:1ekw g:cn8 z:h150 1:guv5 1:guwx 4:h150 1:cn8 2:1ekw 4:w 5:g \
  5:1ekw 2:g 4:1ekw 1:g 2:1ekw 1:g 2:1ekw 1:g 7:1ekw 1:g v:1ekw 2:g 2:1ekw 1:g 1:1ekw 1:g v:1ekw 7g:g 8:1ekw 4:8 \
  k:1ekw 2:g 7:1ekw 2:8 29:1ekw 1:g u:1ekw p:g 14:1ekw 6:g 20:1ekw m:w b:1ekw l:w 1o:cn8 q:1ekw 1g:i9e8 m:cn8 53:1ekw \
  1:g 9:1ekw 1:g 1i:1ekw 8:g 33:1ekw 1:g 6w:1ekw e:8 u:cn8 18:1ekw 5:g 2:8 v:g a:8 g:g 74:1ekw 3n:g m:8 1r:g 4:8 w:g \
  2:8 76:g 1c:1ekw l:g 2:1ekw 6:g 13:1ekw 2:w w:1ekw 1:w 2x:1ekw 1c:guv5 1c:guwx 1:guv5 1:guwx 3:guv5 2:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 4:guv5 1:guwx 1:guv5 2:guwx 1:guv5 6:guwx 2:gv0h 3:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 2:guwx \
  6:1ekw 1:guv5 1:guwx 1:guv5 1:guwx 3:b9c2 1:guv5 1:guwx 5:w 4:pag 1:cn8 2:pag 12:guwx 1:w 1:guwx 5:w 1:guwx 2:w \
  1k:gv7l 7:w 1:gv0h 1:pag e:w 1:b9c2 n:gv7l 9:w 7:gv7l 1:w 7:gv7l 1:w 7:gv7l 1:w 7:gv7l 1:w 7:gv7l 1:w 7:gv7l 1:w \
  7:gv7l 1:w 7:gv7l 1:w w:gvlu 2:pag 4:8 3:pag 2:8 1:pag 2:8 9:pag 1:8 2:pag 1:8 1:pag 2:8 2:pag a:8 5:pag 1:gv0h \
  a:pag 2:8 4:pag 1:8 1:pag 1:8 d:pag 2:1ekw 3:pag 9:8 y:w q:47ps 1:w 2h:47ps c:w 5y:47ps q:w g:1ekw 1:0 3:pag 1:1ekw \
  1:jo5d 1:gv7l 1:ju9w a:8 2:1ekw c:8 1:1ekw 9:ju9w 4:b9c2 2:ba4i 1:8 5:gv0h 2:1ekw 3:ju9w 1:jo5d 1:gv7l 1:pag 2:1ekw \
  1:w 2e:gv7l 2:w 2:b9c2 2:g 2:gv0h 1:gv7l 1:8 2i:gv7l 1:pag 3:gv0h 1:gv7l 5:w 17:gv7l 1:w 2m:gv7l 1:w 2:1ekw 4:cn8 \
  a:1ekw w:gv7l 12:1ekw 9:w 1:1ekw g:gv7l v:1ekw 1:w a:cn8 u:1ekw 8:cn8 1:1ekw f:cn8 w:1ekw a:cn8 13:1ekw f:cn8 \
  8w:1ekw 534:joch 1s:1ekw g74:joch l:gv7l 1:gv0h vr:gv7l 3:w 1j:1ekw 9:w 14:gv7l 6:gv0h 2:pag 7g:gv7l 1:gv0h 3:pag \
  g:gv7l a:bbpg 2:gv7l k:w 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 \
  1:guwx 1:gv7l 1:b9c2 3:b8jm 1:pag 8:gvlu 2:b9c2 1:pag 1:gv0h 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 2:gv0h 2:gvlu 1y:gv7l a:h150 2:b9c2 6:pag 8:w n:g 9:gv0h 2:g 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 3:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:gv0h 8:guwx 1:guv5 1:guwx 1:guv5 1:guwx 2:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:gv0h 2:g 1:guv5 1:guwx 1:guv5 1:guwx 1:gv7l 1:guv5 1:guwx \
  1:guv5 3:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 5:guv5 1:guwx 5:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx \
  1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 4:guv5 1:guwx 1:guv5 1:guwx 2:guv5 1:guwx 2:w 1:guv5 1:guwx \
  1:w 1:guwx 1:w 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 1:guwx 1:guv5 l:w 3:gv0h 1:guv5 1:guwx 1:gv7l 2:gv0h 1:guwx \
  7:gv7l 1:gvlu 3:gv7l 1:b9c2 4:gv7l 1:gvlu n:gv7l 2:gwea 2:gvlu 1:gwea 4:1ekw 1:b9c2 3:w 6:cn8 2:1ekw 1:g 1:1ekw 6:w \
  1g:gv7l 4:pag 8:w 2:gwea 1e:gv7l g:gwea 1:b9c2 1:gvlu 8:w 2:pag a:bbpg 6:w i:b9c2 6:gv7l 3:pag 1:gv7l 1:pag 2:gv7l \
  1:gvlu a:bbpg s:gv7l 5:gvlu 3:b9c2 2:pag n:gv7l b:gvlu 1:gwea 1:ba4i b:w 1:pag t:gv7l 3:w 3:gvlu 1:gwea 1b:gv7l \
  1:b9c2 2:gwea 4:gvlu 2:gwea 2:gvlu 2:gwea 1:ba4i d:pag 1:w 1:gv0h a:bbpg 4:w 2:pag 5:gv7l 1:gvlu 1:gv0h 9:gv7l \
  a:bbpg 5:gv7l 1:w 15:gv7l 6:gvlu 2:gwea 2:gvlu 2:gwea 2:gvlu 9:w 3:gv7l 1:gvlu 8:gv7l 1:gvlu 1:gwea 2:w a:bbpg 2:w \
  4:pag g:gv7l 1:gv0h 6:gv7l 3:1ekw 1:gv7l 1:gwea 1:gvlu 1:gwea 1e:gv7l 1:gvlu 1:gv7l 3:gvlu 2:gv7l 2:gvlu 5:gv7l \
  1:gvlu 1:b9c2 1:gv7l 1:b9c2 1:gv7l o:w 2:gv7l 1:gv0h 2:pag b:gv7l 1:gwea 2:gvlu 2:gwea 2:pag 1:gv7l 2:gv0h 1:gwea \
  1:b9c2 a:w 6:gv7l 2:w 6:gv7l 2:w 6:gv7l 9:w 7:gv7l 1:w 7:gv7l 1:w 17:guwx 1:g 4:gv0h 9:guwx 1:gv0h 2:g 4:w 28:guwx \
  z:gv7l 2:gwea 1:gvlu 2:gwea 1:gvlu 2:gwea 1:pag 1:ba4i 1:b9c2 2:w a:bbpg 6:w 8mc:gv7l c:w n:gv7l 4:w 1d:gv7l 4:w \
  1kw:0 4xs:w a6:joch 2:w 2y:joch 12:w 7:guwx c:w 5:guwx 5:w 1:gv7l 1:gvlu a:gv7l 1:g d:gv7l 1:w 5:gv7l 1:w 1:gv7l 1:w \
  2:gv7l 1:w 2:gv7l 1:w 30:gv7l h:g g:w a3:gv7l 2:8 g:1ekw 1s:gv7l 2:w 1i:gv7l 7:w 1:1ekw w:w c:gv7l 1:g 3:1ekw g:b9c2 \
  7:pag 2:8 1:pag 6:w g:b9c2 1:pag 2:8 2:b8js g:8 2:pag 2:8 4:pag 3:b8js 3:pag 1:w 4:pag 7:8 3:pag 1:g 1:8 3:g 1:w \
  1:pag 1:g 2:pag 4:w 5:gv7l 1:w 3r:gv7l 4:w 3:pag 1:g 3:pag 2:8 1:pag 1:g 1:pag 1:8 2:pag a:bbpg 2:pag 3:g 2:pag \
  q:guv5 1:8 1:pag 1:8 1:g 1:b8js 1:g q:guwx 1:8 1:g 1:8 1:g 2:8 1:pag 2:8 2:pag a:gv7l 1:gv0h 19:gv7l 2:gv0h v:gv7l \
  3:w 6:gv7l 2:w 6:gv7l 2:w 6:gv7l 2:w 3:gv7l 3:w 4:g 1:1ekw 2:g 1:w 1:1ekw 4:g 2:1ekw d:w 2:1ekw 2:w c:gv7l 1:w \
  q:gv7l 1:w j:gv7l 1:w 2:gv7l 1:w f:gv7l 2:w e:gv7l y:w 3f:gv7l 5:w 3:pag 4:w 19:cn8 3:w 9:1ekw 1h:h150 4:cn8 h:1ekw \
  2:cn8 3:1ekw 1:w d:1ekw 3:w 1:1ekw 1b:w 19:1ekw 1:b9c2 3m:w t:gv7l 3:w 1d:gv7l f:w 1:b9c2 r:cn8 4:w w:gv7l 4:cn8 9:w \
  k:gv7l 1:h150 8:gv7l 1:h150 5:w 12:gv7l 5:gvlu 5:w u:gv7l 1:w 1:pag 10:gv7l 4:w 8:gv7l 1:pag 5:h150 16:w 14:guv5 \
  14:guwx 26:gv7l 2:w a:bbpg 6:w 10:guv5 4:w 10:guwx 4:w 14:gv7l 8:w 1g:gv7l b:w 1:pag b:guv5 1:w f:guv5 1:w 7:guv5 \
  1:w 2:guv5 1:w b:guwx 1:w f:guwx 1:w 7:guwx 1:w 2:guwx 3:w 1g:gv7l c:w 8n:gv7l 9:w m:gv7l a:w 8:gv7l o:w 6:gv0h 1:w \
  16:gv0h 1:w 9:gv0h 1x:w 6:gv7l 2:w 1:gv7l 1:w 18:gv7l 1:w 2:gv7l 3:w 1:gv7l 2:w n:gv7l 1:w 1:pag 8:cn8 n:gv7l 2:1ekw \
  7:cn8 v:gv7l 8:w 9:cn8 1c:w j:gv7l 1:w 2:gv7l 5:w 5:cn8 m:gv7l 6:cn8 3:w 1:pag q:gv7l 5:w 1:pag 1s:w 1k:gv7l 4:w \
  2:cn8 2:gv7l g:cn8 2:w 1a:cn8 1:gv7l 3:gvlu 1:w 2:gvlu 5:w 4:gvlu 4:gv7l 1:w 3:gv7l 1:w t:gv7l 2:w 3:b9c2 4:w 1:b9c2 \
  9:cn8 7:w 9:pag 7:w t:gv7l 2:cn8 1:pag t:gv7l 3:cn8 w:w 8:gv7l 1:1ekw s:gv7l 2:b9c2 4:w 5:cn8 7:pag 9:w 1i:gv7l 3:w \
  7:pag m:gv7l 2:w 8:cn8 j:gv7l 5:w 8:cn8 i:gv7l 7:w 4:pag c:w 7:cn8 28:w 21:gv7l 1j:w 1f:guv5 d:w 1f:guwx 7:w 6:cn8 \
  10:gv7l 4:gvlu 8:w a:bbpg 6:w a:bbpg 4:gv7l 1:gv0h 1:gv7l m:guv5 3:w 1:gvlu 4:b9c2 1:8 1:gv0h m:guwx 8:w 2:g 5s:w \
  v:cn8 1:w 16:gv7l 1:w 2:gvlu 1:8 2:w 2:gv7l g:w 3:gv7l 1j:w 1:gvlu 3:b9c2 t:gv7l a:cn8 1:gv7l 8:w m:gv7l b:b9c2 \
  4:cn8 5:pag m:w i:gv7l 4:b9c2 4:pag 12:w l:gv7l 7:cn8 k:w n:gv7l 9:w 1:gwea 1:gvlu 1:gwea 1h:gv7l e:gvlu 1:b9c2 \
  7:pag 4:w k:cn8 a:bbpg 1:b9c2 2:gv7l 2:gvlu 1:gv7l 9:w 1:b9c2 2:gvlu 1:gwea 19:gv7l 3:gwea 4:gvlu 2:gwea 2:b9c2 \
  2:pag 1:w 4:pag 1:gvlu d:w p:gv7l 7:w a:bbpg 6:w 3:gvlu 10:gv7l 5:gvlu 1:gwea 6:gvlu 2:b9c2 1:w a:bbpg 4:pag 1:gv7l \
  2:gwea 1:gv7l 8:w z:gv7l 1:b9c2 2:pag 1:gv7l 9:w 2:gvlu 1:gwea 1c:gv7l 3:gwea 9:gvlu 1:gwea 1:ba4i 4:gv7l 4:pag \
  4:b9c2 1:pag 1:gwea 1:gvlu a:bbpg 1:gv7l 1:pag 1:gv7l 3:pag 1:w k:cn8 b:w i:gv7l 1:w p:gv7l 3:gwea 3:gvlu 2:gwea \
  1:gvlu 1:ba4i 1:b9c2 1:gvlu 6:pag 1:gvlu 2:gv7l 1:gvlu 1q:w 7:gv7l 1:w 1:gv7l 1:w 4:gv7l 1:w f:gv7l 1:w a:gv7l 1:pag \
  6:w 1b:gv7l 1:gvlu 3:gwea 6:gvlu 2:b9c2 5:w a:bbpg 6:w 2:gvlu 2:gwea 1:w 8:gv7l 2:w 2:gv7l 2:w m:gv7l 1:w 7:gv7l 1:w \
  2:gv7l 1:w 5:gv7l 1:w 2:b9c2 1:gv7l 2:gwea 1:gvlu 4:gwea 2:w 2:gwea 2:w 2:gwea 1:ba4i 2:w 1:gv7l 6:w 1:gwea 5:w \
  5:gv7l 2:gwea 2:w 7:b9c2 3:w 5:b9c2 b:w a:gv7l 1:w 1:gv7l 2:w 1:gv7l 1:w 12:gv7l 1:w 1:gv7l 3:gwea 6:gvlu 1:w 1:gwea \
  2:w 1:gwea 1:w 4:gwea 1:w 2:gwea 1:b9c2 1:ba4i 1:b9c2 1:gv7l 1:b9c2 1:gv7l 2:pag 1:w 2:pag 8:w 2:b9c2 t:w 1h:gv7l \
  3:gwea 8:gvlu 2:gwea 1:b9c2 2:gvlu 1:gwea 1:b9c2 4:gv7l 5:pag a:bbpg 2:pag 1:w 1:pag 1:b9c2 3:gv7l u:w 1c:gv7l \
  3:gwea 6:gvlu 1:gwea 1:gvlu 4:gwea 2:gvlu 1:gwea 2:b9c2 2:gv7l 1:pag 1:gv7l 8:w a:bbpg 4m:w 1b:gv7l 3:gwea 4:gvlu \
  2:w 4:gwea 2:gvlu 1:gwea 2:b9c2 n:pag 4:gv7l 2:gvlu y:w 1c:gv7l 3:gwea 8:gvlu 2:gwea 1:gvlu 1:gwea 1:b9c2 1:gvlu \
  3:pag 1:gv7l b:w a:bbpg 6:w d:pag j:w 17:gv7l 1:gvlu 1:gwea 1:gvlu 2:gwea 6:gvlu 1:ba4i 1:b9c2 1:gv7l 1:pag 6:w \
  a:bbpg 6:w k:bbpg s:w r:gv7l 2:w 1:gvlu 1:gwea 1:gvlu 2:gwea 4:gvlu 1:gwea 4:gvlu 1:b9c2 4:w a:bbpg 2:cn8 3:pag \
  1:1ekw 7:gv7l 55:w 18:gv7l 3:gwea 9:gvlu 1:gwea 2:b9c2 1:pag 2s:w w:guv5 w:guwx a:bbpg 9:cn8 c:w 8:gv7l 2:w 1:gv7l \
  2:w 8:gv7l 1:w 2:gv7l 1:w o:gv7l 6:gwea 1:w 2:gwea 2:w 2:gvlu 1:ba4i 1:b9c2 1:gv7l 1:gwea 1:gv7l 1:gwea 1:b9c2 3:pag \
  9:w a:bbpg 1y:w 8:gv7l 2:w 13:gv7l 3:gwea 4:gvlu 2:w 2:gvlu 4:gwea 1:b9c2 1:gv7l 1:pag 1:gv7l 1:gwea r:w 1:gv7l \
  a:gvlu 14:gv7l 2:b9c2 4:gvlu 1:gwea 1:gv7l 4:gvlu 8:pag 1:b9c2 8:w 1:gv7l 6:gvlu 2:gwea 3:gvlu 1a:gv7l d:gvlu 1:gwea \
  2:b9c2 3:pag 1:gv7l 5:pag d:w 21:gv7l 7:w a:pag 52:w x:gv7l 1:pag e:w a:bbpg 6:w 9:gv7l 1:w 11:gv7l 1:gwea 7:gvlu \
  1:w 6:gvlu 1:gwea 1:b9c2 1:gv7l 5:pag a:w a:bbpg j:cn8 3:w 2:pag u:gv7l 2:w m:gvlu 1:w 1:gwea 7:gvlu 1:gwea 2:gvlu \
  1:gwea 2:gvlu 21:w 7:gv7l 1:w 2:gv7l 1:w 12:gv7l 6:gvlu 3:w 1:gvlu 1:w 2:gvlu 1:w 3:gvlu 1:b9c2 1:gvlu 2:b9c2 1:gv7l \
  1:gvlu 8:w a:bbpg 6:w 6:gv7l 1:w 2:gv7l 1:w w:gv7l 5:gwea 1:w 2:gvlu 1:w 2:gwea 1:gvlu 1:gwea 1:b9c2 1:gv7l 7:w \
  a:bbpg 8m:w j:gv7l 2:gvlu 2:gwea 2:pag 7:w 2:gvlu 1:gv7l 1:gwea d:gv7l 1:w y:gv7l 2:gwea 5:gvlu 3:w 2:gwea 1:gvlu \
  1:ba4i 1:b9c2 d:pag a:bbpg 1:b9c2 2d:w 1:gv7l f:w l:cn8 8:1ekw 4:g h:1ekw d:w 1:pag pm:gv7l 2u:w 33:h150 1:w 5:pag \
  b:w 5g:gv7l 218:w 2p:gv7l 2:pag d:w ts:gv7l g:w 1:b9c2 6:gv7l f:b9c2 a:w 32z:gv7l 5:w g7:gv7l 5a1:w u:gv7l c:gvlu \
  3:gwea 2:gvlu 1:b9c2 a:bbpg 1c6:w ft:gv7l 7:w v:gv7l 1:w a:bbpg 4:w 2:pag 27:gv7l 1:w a:bbpg 6:w u:gv7l 2:w 5:b9c2 \
  1:pag a:w 1c:gv7l 7:b9c2 5:pag 4:1ekw 4:gv0h 1:pag 1:1ekw a:w a:bbpg 1:w 7:cn8 1:w l:gv7l 5:w j:gv7l c0:w 3:gv0h \
  14:gv7l 2:gv0h 3:pag a:bbpg 5i:w w:guv5 w:guwx n:cn8 4:pag 2t:w 23:gv7l 4:w 1:gvlu 1:gv7l 1j:gwea 7:w 4:gvlu d:gv0h \
  1s:w 2:gv0h 1:3ifc 1:jo5d 1:b9c2 b:w 2:jpj6 e:w 4qg:gv7l 8:w ye:gv7l 15:w a:gv7l 6w7:w 4:gv0h 1:w 7:gv0h 1:w 2:gv0h \
  1:w 83:gv7l f:w 1:gv7l t:w 3:gv7l 2:w 1:gv7l e:w 4:gv7l 8:w b0:gv7l 1s4:w 2z:gv7l 5:w d:gv7l 3:w 9:gv7l 7:w a:gv7l \
  2:w 1:1ekw 1:b9c2 1:gvlu 1:pag 31c:w 6o:1ekw a:bbpg 6:w c4:1ekw 24:w 1a:b9c2 2:w n:b9c2 9:w 38:1ekw 1o:w 6u:1ekw a:w \
  13:1ekw 2:w 1o:1ekw 2:ba4i 3:b9c2 3:1ekw 6:ba4i 8:w 8:b9c2 2:1ekw 7:b9c2 u:1ekw 4:b9c2 1p:1ekw l:w 1u:1ekw 3:b9c2 \
  1:1ekw 3e:w k:cn8 c:w k:cn8 c:w 2f:1ekw 9:w p:cn8 3r:w q:guv5 q:guwx q:guv5 7:guwx 1:w i:guwx q:guv5 q:guwx 1:guv5 \
  1:w 2:guv5 2:w 1:guv5 2:w 2:guv5 2:w 4:guv5 1:w 8:guv5 4:guwx 1:w 1:guwx 1:w 7:guwx 1:w b:guwx q:guv5 q:guwx 2:guv5 \
  1:w 4:guv5 2:w 8:guv5 1:w 7:guv5 1:w q:guwx 2:guv5 1:w 4:guv5 1:w 5:guv5 1:w 1:guv5 3:w 7:guv5 1:w q:guwx q:guv5 \
  q:guwx q:guv5 q:guwx q:guv5 q:guwx q:guv5 q:guwx q:guv5 q:guwx q:guv5 s:guwx 2:w p:guv5 1:g p:guwx 1:g 6:guwx p:guv5 \
  1:g p:guwx 1:g 6:guwx p:guv5 1:g p:guwx 1:g 6:guwx p:guv5 1:g p:guwx 1:g 6:guwx p:guv5 1:g p:guwx 1:g 6:guwx 1:guv5 \
  1:guwx 2:w 1e:bbpg e8:1ekw 1j:b9c2 4:1ekw 1e:b9c2 8:1ekw 1:b9c2 e:1ekw 1:b9c2 2:1ekw 5:pag f:w 5:b9c2 1:w f:b9c2 \
  uo:w a:guwx 1:gv7l k:guwx 6:w 6:guwx 5x:w 7:gvlu 1:w h:gvlu 2:w 7:gvlu 1:w 2:gvlu 1:w 5:gvlu 5:w 1q:gv0h x:w 1:gvlu \
  34:w 19:gv7l 3:w 7:b9c2 7:gv0h 2:w a:bbpg 4:w 1:gv7l 1:1ekw 8w:w u:gv7l 1:b9c2 h:w 18:gv7l 4:b9c2 a:bbpg 5:w 1:g \
  cw:w r:gv7l 1:gv0h 4:b9c2 a:bbpg 5y:w u:gv7l 2:b9c2 1:gv7l a:bbpg 4:w 1:pag dc:w 7:gv7l 1:w 4:gv7l 1:w 2:gv7l 1:w \
  f:gv7l 1:w 5h:gv7l 2:w 9:cn8 7:b9c2 15:w y:guv5 y:guwx 3:b9c2 1:gvlu 3:b9c2 1:gv0h 4:w a:bbpg 4:w 2:pag lt:w 1n:cn8 \
  1:1ekw 3:cn8 1:g 4:cn8 24:w 19:cn8 1:1ekw f:cn8 5e:w 4:gv7l 1:w r:gv7l 1:w 2:gv7l 1:w 1:gv7l 2:w 1:gv7l 1:w a:gv7l \
  1:w 4:gv7l 1:w 1:gv7l 1:w 1:gv7l 6:w 1:gv7l 4:w 1:gv7l 1:w 1:gv7l 1:w 1:gv7l 1:w 3:gv7l 1:w 2:gv7l 1:w 1:gv7l 2:w \
  1:gv7l 1:w 1:gv7l 1:w 1:gv7l 1:w 1:gv7l 1:w 1:gv7l 1:w 2:gv7l 1:w 1:gv7l 2:w 4:gv7l 1:w 7:gv7l 1:w 4:gv7l 1:w 4:gv7l \
  1:w 1:gv7l 1:w a:gv7l 1:w h:gv7l 5:w 3:gv7l 1:w 5:gv7l 1:w h:gv7l 1g:w 2:g 7i:w 18:1ekw 4:w 2s:1ekw c:w f:1ekw 2:w \
  f:1ekw 1:w f:1ekw 1:w 11:1ekw a:w d:cn8 z:1ekw q:i9e8 6:1ekw q:i9e8 6:1ekw q:i9e8 10:1ekw 1k:w t:1ekw d:w 18:1ekw \
  4:w 9:1ekw 7:w 2:1ekw e:w 6:1ekw 4a:w 6z:1ekw 5:g k8:1ekw 4:w h:1ekw 3:w d:1ekw 3:w 3b:1ekw 4:w 2n:1ekw 6:w c:1ekw \
  4:w 1:1ekw f:w c:1ekw 4:w 1k:1ekw 8:w a:1ekw 6:w 14:1ekw 8:w u:1ekw 2:w c:1ekw 4:w 2:1ekw 1q:w 9g:1ekw c:w e:1ekw \
  2:w d:1ekw 3:w a:1ekw 5:w 1k:1ekw 7:w f:1ekw 2:w b:1ekw 6:w 9:1ekw 7:w 43:1ekw 1:w 2k:1ekw a:bbpg sm:w wyo:joch w:w \
  37e:joch 6:w 66:joch 2:w 4g2:joch e:w 5rl:joch f:w ha:joch 1wi:w f2:joch 15u:w 3t7:joch 5:w 38g:joch f9e8:w 6o:b9c2 \
  47bk:w
  """
