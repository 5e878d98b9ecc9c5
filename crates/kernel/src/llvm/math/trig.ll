; Sine, cosine, tangent, and the predicates that say when libm must take over.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; sin x for |x| <= 2^22 (beyond: mc.sin.far). |x| = n pi + r by three parts of pi (Cody and Waite; n times the second is exact),
; sin r = r + r^3 p(r^2) on |r| <= pi/2, sign by the parity of n and that of x. At most 1.6 ulp: to carry
; the rounding of r as well would take half as much time again.
define internal double @mc.sin.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %a = call double @llvm.fabs.f64(double %x)
  %t = call double @llvm.fma.f64(double %a, double 0x3FD45F306DC9C883, double 0x4338000000000000)
  %n = fsub double %t, 0x4338000000000000
  %v1 = call double @llvm.fma.f64(double %n, double 0xC00921FB54442D18, double %a)
  %v2 = call double @llvm.fma.f64(double %n, double 0xBCA1A62633000000, double %v1)
  %r = call double @llvm.fma.f64(double %n, double 0xBAA45C06E0E68948, double %v2)
  %z = fmul double %r, %r
  %zz = fmul double %z, %z
  %odd1 = call double @llvm.fma.f64(double 0x3CE88353E125CD90, double %zz, double 0x3DE6123CD5BC77F3)
  %odd2 = call double @llvm.fma.f64(double %odd1, double %zz, double 0x3EC71DE3A52A301C)
  %odd3 = call double @llvm.fma.f64(double %odd2, double %zz, double 0x3F811111111110C8)
  %even1 = call double @llvm.fma.f64(double 0xBD6AE439BDD5D8B7, double %zz, double 0xBE5AE6454D5A8AE1)
  %even2 = call double @llvm.fma.f64(double %even1, double %zz, double 0xBF2A01A01A014DB5)
  %both = call double @llvm.fma.f64(double %even2, double %z, double %odd3)
  %p = call double @llvm.fma.f64(double %both, double %z, double 0xBFC5555555555555)
  ; r^3 with what z lost by rounding
  %minus = fneg double %z
  %lost = call double @llvm.fma.f64(double %r, double %r, double %minus)
  %low = fmul double %lost, %r
  %cube = call double @llvm.fma.f64(double %z, double %r, double %low)
  %s = call double @llvm.fma.f64(double %cube, double %p, double %r)
  %bits = bitcast double %s to i64
  %tbits = bitcast double %t to i64
  %parity = shl i64 %tbits, 63
  %xbits = bitcast double %x to i64
  %sign = and i64 %xbits, -9223372036854775808
  %flip = xor i64 %parity, %sign
  %w = xor i64 %bits, %flip
  %value = bitcast i64 %w to double
  ret double %value
}

; cos x for |x| <= 2^22. x = N pi/2 + r with N odd, so that cos x = -+sin r keeps its relative accuracy at the zeros.
define internal double @mc.cos.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %half = call double @llvm.fma.f64(double %x, double 0x3FD45F306DC9C883, double 0xBFE0000000000000)
  %t = fadd double %half, 0x4338000000000001
  %m = fsub double %t, 0x4338000000000001
  %n = call double @llvm.fma.f64(double %m, double 0x4000000000000000, double 0x3FF0000000000000)
  %v1 = call double @llvm.fma.f64(double %n, double 0xBFF921FB54442D18, double %x)
  %v2 = call double @llvm.fma.f64(double %n, double 0xBC91A62633000000, double %v1)
  %r = call double @llvm.fma.f64(double %n, double 0xBA945C06E0E68948, double %v2)
  %z = fmul double %r, %r
  %zz = fmul double %z, %z
  %odd1 = call double @llvm.fma.f64(double 0x3CE88353E125CD90, double %zz, double 0x3DE6123CD5BC77F3)
  %odd2 = call double @llvm.fma.f64(double %odd1, double %zz, double 0x3EC71DE3A52A301C)
  %odd3 = call double @llvm.fma.f64(double %odd2, double %zz, double 0x3F811111111110C8)
  %even1 = call double @llvm.fma.f64(double 0xBD6AE439BDD5D8B7, double %zz, double 0xBE5AE6454D5A8AE1)
  %even2 = call double @llvm.fma.f64(double %even1, double %zz, double 0xBF2A01A01A014DB5)
  %both = call double @llvm.fma.f64(double %even2, double %z, double %odd3)
  %p = call double @llvm.fma.f64(double %both, double %z, double 0xBFC5555555555555)
  ; r^3 with what z lost by rounding
  %minus = fneg double %z
  %lost = call double @llvm.fma.f64(double %r, double %r, double %minus)
  %low = fmul double %lost, %r
  %cube = call double @llvm.fma.f64(double %z, double %r, double %low)
  %s = call double @llvm.fma.f64(double %cube, double %p, double %r)
  %bits = bitcast double %s to i64
  %tbits = bitcast double %t to i64
  %parity = shl i64 %tbits, 63
  %w = xor i64 %bits, %parity
  %value = bitcast i64 %w to double
  ret double %value
}

; tan x for |x| <= 2^22. x = n pi/2 + r + rl; sin r / cos r or -cos r / sin r.
define internal double @mc.tan.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %t = call double @llvm.fma.f64(double %x, double 0x3FE45F306DC9C883, double 0x4338000000000000)
  %n = fsub double %t, 0x4338000000000000
  %v1 = call double @llvm.fma.f64(double %n, double 0xBFF921FB54442D18, double %x)
  %r = call double @llvm.fma.f64(double %n, double 0xBC91A62633000000, double %v1)
  %v2 = fsub double %v1, %r
  %v3 = call double @llvm.fma.f64(double %n, double 0xBC91A62633000000, double %v2)
  %rl = call double @llvm.fma.f64(double %n, double 0xBA945C06E0E68948, double %v3)
  %z = fmul double %r, %r
  %v4 = fmul double %z, 0x3FE0000000000000
  %w = fsub double 0x3FF0000000000000, %v4
  %v5 = fmul double %r, %z
  %v6 = fmul double %z, %z
  %v7 = call double @llvm.fma.f64(double 0xBD6AAA20AC68B7B6, double %v6, double 0xBE5AE64528CC3C59)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0xBF2A01A01A018A66)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0xBFC5555555555555)
  %v10 = call double @llvm.fma.f64(double 0x3DE61208BCF5A094, double %v6, double 0x3EC71DE3A532FFEF)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0x3F8111111111110B)
  %v12 = call double @llvm.fma.f64(double %v11, double %z, double %v9)
  %v13 = fmul double %rl, %w
  %v14 = call double @llvm.fma.f64(double %v5, double %v12, double %v13)
  %v15 = fadd double %r, %v14
  %v16 = fsub double %r, %v15
  %v17 = fadd double %v16, %v14
  ; cos r = 1 - z/2 + z^2 q(z) - r rl, with the errors of z/2 and of 1 - z/2
  %v18 = fneg double %z
  %v19 = call double @llvm.fma.f64(double %r, double %r, double %v18)
  %v20 = fsub double 0x3FF0000000000000, %w
  %v21 = fsub double %v20, %v4
  %v22 = fmul double %z, %z
  %v23 = fmul double %z, %z
  %v24 = call double @llvm.fma.f64(double 0x3E21EE9EBF6C9992, double %v23, double 0x3EFA01A019CB1D8E)
  %v25 = call double @llvm.fma.f64(double %v24, double %v23, double 0x3FA555555555554C)
  %v26 = call double @llvm.fma.f64(double 0xBDA8FAEA380D607C, double %v23, double 0xBE927E4F80A04976)
  %v27 = call double @llvm.fma.f64(double %v26, double %v23, double 0xBF56C16C16C1517F)
  %v28 = call double @llvm.fma.f64(double %v27, double %z, double %v25)
  %v29 = fmul double %v19, 0x3FE0000000000000
  %v30 = call double @llvm.fma.f64(double %r, double %rl, double %v29)
  %v31 = fneg double %v30
  %v32 = call double @llvm.fma.f64(double %v22, double %v28, double %v31)
  %v33 = fadd double %v21, %v32
  %v34 = fadd double %w, %v33
  %v35 = fsub double %w, %v34
  %v36 = fadd double %v35, %v33
  %v37 = bitcast double %t to i64
  %v38 = and i64 %v37, 1
  %v39 = icmp ne i64 %v38, 0
  %v40 = select i1 %v39, double %v34, double %v15
  %v41 = select i1 %v39, double %v15, double %v34
  %v42 = select i1 %v39, double %v36, double %v17
  %v43 = select i1 %v39, double %v17, double %v36
  %v44 = fdiv double 0x3FF0000000000000, %v41
  %v45 = fmul double %v40, %v44
  %v46 = fneg double %v45
  %v47 = call double @llvm.fma.f64(double %v46, double %v43, double %v42)
  %v48 = fneg double %v45
  %v49 = call double @llvm.fma.f64(double %v48, double %v41, double %v40)
  %v50 = fadd double %v47, %v49
  %v51 = call double @llvm.fma.f64(double %v44, double %v50, double %v45)
  %v52 = bitcast double %v51 to i64
  %v53 = bitcast double %t to i64
  %v54 = shl i64 %v53, 63
  %v55 = xor i64 %v52, %v54
  %v56 = bitcast i64 %v55 to double
  %v57 = fcmp oeq double %x, 0x0000000000000000
  %v58 = select i1 %v57, double %x, double %v56
  ret double %v58
}

; sin x of float for |x| <= 2^40, in double arithmetic.
define internal float @mc.sin.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fma.f64(double %xd, double 0x3FD45F306DC9C883, double 0x4338000000000000)
  %n = fsub double %v1, 0x4338000000000000
  %v2 = call double @llvm.fma.f64(double %n, double 0xC00921FB54442D18, double %xd)
  %r = call double @llvm.fma.f64(double %n, double 0xBCA1A62633145C07, double %v2)
  %v3 = fmul double %r, %r
  %v4 = fmul double %v3, %v3
  %v5 = call double @llvm.fma.f64(double 0x3DE52AC272E0F20B, double %v4, double 0x3EC71DCE5778D7AF)
  %v6 = call double @llvm.fma.f64(double %v5, double %v4, double 0x3F8111111090D011)
  %v7 = call double @llvm.fma.f64(double %v6, double %v4, double 0x3FEFFFFFFFFFFDCD)
  %v8 = call double @llvm.fma.f64(double 0xBE5AE00F306B7EA5, double %v4, double 0xBF2A019FCE8800C5)
  %v9 = call double @llvm.fma.f64(double %v8, double %v4, double 0xBFC5555555540B37)
  %v10 = call double @llvm.fma.f64(double %v9, double %v3, double %v7)
  %v11 = fmul double %r, %v10
  %v12 = bitcast double %v11 to i64
  %v13 = bitcast double %v1 to i64
  %v14 = shl i64 %v13, 63
  %v15 = xor i64 %v12, %v14
  %v16 = bitcast i64 %v15 to double
  %v17 = fcmp oeq double %xd, 0x0000000000000000
  %v18 = select i1 %v17, double %xd, double %v16
  %v19 = fptrunc double %v18 to float
  ret float %v19
}

; cos x of float for |x| <= 2^40, in double arithmetic.
define internal float @mc.cos.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fma.f64(double %xd, double 0x3FD45F306DC9C883, double 0xBFE0000000000000)
  %v2 = fadd double %v1, 0x4338000000000001
  %v3 = fsub double %v2, 0x4338000000000001
  %n = call double @llvm.fma.f64(double %v3, double 0x4000000000000000, double 0x3FF0000000000000)
  %v4 = call double @llvm.fma.f64(double %n, double 0xBFF921FB54442D18, double %xd)
  %r = call double @llvm.fma.f64(double %n, double 0xBC91A62633145C07, double %v4)
  %v5 = fmul double %r, %r
  %v6 = fmul double %v5, %v5
  %v7 = call double @llvm.fma.f64(double 0x3DE52AC272E0F20B, double %v6, double 0x3EC71DCE5778D7AF)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0x3F8111111090D011)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0x3FEFFFFFFFFFFDCD)
  %v10 = call double @llvm.fma.f64(double 0xBE5AE00F306B7EA5, double %v6, double 0xBF2A019FCE8800C5)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0xBFC5555555540B37)
  %v12 = call double @llvm.fma.f64(double %v11, double %v5, double %v9)
  %v13 = fmul double %r, %v12
  %v14 = bitcast double %v13 to i64
  %v15 = bitcast double %v2 to i64
  %v16 = shl i64 %v15, 63
  %v17 = xor i64 %v14, %v16
  %v18 = bitcast i64 %v17 to double
  %v19 = fptrunc double %v18 to float
  ret float %v19
}

; tan x of float for |x| <= 2^40, in double arithmetic.
define internal float @mc.tan.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fma.f64(double %xd, double 0x3FE45F306DC9C883, double 0x4338000000000000)
  %n = fsub double %v1, 0x4338000000000000
  %v2 = call double @llvm.fma.f64(double %n, double 0xBFF921FB54442D18, double %xd)
  %r = call double @llvm.fma.f64(double %n, double 0xBC91A62633145C07, double %v2)
  %v3 = fmul double %r, %r
  %v4 = fmul double %r, %v3
  %v5 = fmul double %v3, %v3
  %v6 = call double @llvm.fma.f64(double 0xBF2A00F7DFAD7B26, double %v5, double 0xBFC5555554C71867)
  %v7 = call double @llvm.fma.f64(double 0x3EC6CD1A365DF232, double %v5, double 0x3F8111108694172C)
  %v8 = call double @llvm.fma.f64(double %v7, double %v3, double %v6)
  %v9 = call double @llvm.fma.f64(double %v4, double %v8, double %r)
  %v10 = fmul double %v3, %v3
  %v11 = fmul double %v3, %v3
  %v12 = call double @llvm.fma.f64(double 0x3EFA0112187868D1, double %v11, double 0x3FA5555554F518E3)
  %v13 = call double @llvm.fma.f64(double 0xBE9242B0DD5D904A, double %v11, double 0xBF56C16B89B812D8)
  %v14 = call double @llvm.fma.f64(double %v13, double %v3, double %v12)
  %v15 = call double @llvm.fma.f64(double %v3, double 0xBFE0000000000000, double 0x3FF0000000000000)
  %v16 = call double @llvm.fma.f64(double %v10, double %v14, double %v15)
  %v17 = bitcast double %v1 to i64
  %v18 = and i64 %v17, 1
  %v19 = icmp ne i64 %v18, 0
  %v20 = select i1 %v19, double %v16, double %v9
  %v21 = select i1 %v19, double %v9, double %v16
  %v22 = fdiv double %v20, %v21
  %v23 = fcmp oeq double %xd, 0x0000000000000000
  %v24 = bitcast double %v22 to i64
  %v25 = bitcast double %v1 to i64
  %v26 = shl i64 %v25, 63
  %v27 = xor i64 %v24, %v26
  %v28 = bitcast i64 %v27 to double
  %v29 = select i1 %v23, double %xd, double %v28
  %v30 = fptrunc double %v29 to float
  ret float %v30
}

; Whether sin must be left to libm: |x| > 2^22. (The loop ORs this over a chunk and redoes the chunk by libm's sin if it is set.)
define internal i1 @mc.sin.far.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %a = call double @llvm.fabs.f64(double %x)
  %far = fcmp ogt double %a, 0x4150000000000000
  ret i1 %far
}

; Whether sin of float must be left to libm: |x| > 2^40.
define internal i1 @mc.sin.far.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %a = call double @llvm.fabs.f64(double %xd)
  %far = fcmp ogt double %a, 0x4270000000000000
  ret i1 %far
}

; Whether cos must be left to libm: |x| > 2^22. (The loop ORs this over a chunk and redoes the chunk by libm's cos if it is set.)
define internal i1 @mc.cos.far.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %a = call double @llvm.fabs.f64(double %x)
  %far = fcmp ogt double %a, 0x4150000000000000
  ret i1 %far
}

; Whether cos of float must be left to libm: |x| > 2^40.
define internal i1 @mc.cos.far.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %a = call double @llvm.fabs.f64(double %xd)
  %far = fcmp ogt double %a, 0x4270000000000000
  ret i1 %far
}

; Whether tan must be left to libm: |x| > 2^22. (The loop ORs this over a chunk and redoes the chunk by libm's tan if it is set.)
define internal i1 @mc.tan.far.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %a = call double @llvm.fabs.f64(double %x)
  %far = fcmp ogt double %a, 0x4150000000000000
  ret i1 %far
}

; Whether tan of float must be left to libm: |x| > 2^40.
define internal i1 @mc.tan.far.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %a = call double @llvm.fabs.f64(double %xd)
  %far = fcmp ogt double %a, 0x4270000000000000
  ret i1 %far
}
