; Exponentials: exp exp2 expm1.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; e^x. x = n ln2 + r (Cody and Waite 1980, two parts of ln2 and fma), e^r - 1 - r = r^2 q(r) with q minimax of degree 9 on |r| <= ln2/2,
; r's own rounding error (rl) carried. Two factors of 2^n: subnormal results are rounded once, overflow goes to infinity.
define internal double @mc.exp.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp ogt double %x, 0x4086300000000000
  %v2 = select i1 %v1, double 0x4086300000000000, double %x
  %v3 = fcmp olt double %v2, 0xC087500000000000
  %v4 = select i1 %v3, double 0xC087500000000000, double %v2
  %v5 = call double @llvm.fma.f64(double %v4, double 0x3FF71547652B82FE, double 0x43380000000007FE)
  %n = fsub double %v5, 0x43380000000007FE
  ; r + rl = x - n ln2 (Cody and Waite)
  %v6 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v4)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v6)
  %v7 = fsub double %v6, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v7)
  ; e^r - 1 - r = r^2 q(r)
  %v8 = fmul double %r, %r
  %v9 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v8, double 0x3EFA0199A2480DA7)
  %v10 = call double @llvm.fma.f64(double %v9, double %v8, double 0x3F56C16C1841DC11)
  %v11 = call double @llvm.fma.f64(double %v10, double %v8, double 0x3FA55555555508D1)
  %v12 = call double @llvm.fma.f64(double %v11, double %v8, double 0x3FE0000000000009)
  %v13 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v8, double 0x3EC71DF259E35C70)
  %v14 = call double @llvm.fma.f64(double %v13, double %v8, double 0x3F2A01A012A1801D)
  %v15 = call double @llvm.fma.f64(double %v14, double %v8, double 0x3F81111111127D0E)
  %v16 = call double @llvm.fma.f64(double %v15, double %v8, double 0x3FC55555555554F9)
  %v17 = call double @llvm.fma.f64(double %v16, double %r, double %v12)
  %v18 = fmul double %r, %r
  %lo = call double @llvm.fma.f64(double %v18, double %v17, double %rl)
  %v19 = fadd double %r, %lo
  %p = fadd double 0x3FF0000000000000, %v19
  ; times 2^n in two factors: the exponents of n + 2046, halved; what is above 12 bits is shifted out
  %v20 = bitcast double %v5 to i64
  %v21 = lshr i64 %v20, 1
  %v22 = sub i64 %v20, %v21
  %v25 = shl i64 %v21, 52
  %v26 = bitcast i64 %v25 to double
  %v27 = fmul double %p, %v26
  %v29 = shl i64 %v22, 52
  %v30 = bitcast i64 %v29 to double
  %v31 = fmul double %v27, %v30
  ret double %v31
}

; 2^x. n = round(x), r = (x - n) ln2 as an unevaluated sum, then as exp.
define internal double @mc.exp2.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp ogt double %x, 0x4090040000000000
  %v2 = select i1 %v1, double 0x4090040000000000, double %x
  %v3 = fcmp olt double %v2, 0xC090E00000000000
  %v4 = select i1 %v3, double 0xC090E00000000000, double %v2
  %v5 = fadd double %v4, 0x4338000000000000
  %n = fsub double %v5, 0x4338000000000000
  %v6 = fsub double %v4, %n
  %r = fmul double %v6, 0x3FE62E42FEFA39EF
  %v7 = fneg double %r
  %v8 = call double @llvm.fma.f64(double %v6, double 0x3FE62E42FEFA39EF, double %v7)
  %rl = call double @llvm.fma.f64(double %v6, double 0x3C7ABC9E3B39803F, double %v8)
  %v9 = fmul double %r, %r
  %v10 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v9, double 0x3EFA0199A2480DA7)
  %v11 = call double @llvm.fma.f64(double %v10, double %v9, double 0x3F56C16C1841DC11)
  %v12 = call double @llvm.fma.f64(double %v11, double %v9, double 0x3FA55555555508D1)
  %v13 = call double @llvm.fma.f64(double %v12, double %v9, double 0x3FE0000000000009)
  %v14 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v9, double 0x3EC71DF259E35C70)
  %v15 = call double @llvm.fma.f64(double %v14, double %v9, double 0x3F2A01A012A1801D)
  %v16 = call double @llvm.fma.f64(double %v15, double %v9, double 0x3F81111111127D0E)
  %v17 = call double @llvm.fma.f64(double %v16, double %v9, double 0x3FC55555555554F9)
  %v18 = call double @llvm.fma.f64(double %v17, double %r, double %v13)
  %v19 = fmul double %r, %r
  %lo = call double @llvm.fma.f64(double %v19, double %v18, double %rl)
  %v20 = fadd double %r, %lo
  %p = fadd double 0x3FF0000000000000, %v20
  ; times 2^n in two factors
  %v21 = call double @llvm.fma.f64(double %n, double 0x3FE0000000000000, double 0x43380000000003FF)
  %v22 = fsub double %v21, 0x43380000000003FF
  %v23 = fsub double %n, %v22
  %v24 = fadd double %v23, 0x43380000000003FF
  %v25 = bitcast double %v21 to i64
  %v26 = shl i64 %v25, 52
  %v27 = bitcast i64 %v26 to double
  %v28 = fmul double %p, %v27
  %v29 = bitcast double %v24 to i64
  %v30 = shl i64 %v29, 52
  %v31 = bitcast i64 %v30 to double
  %v32 = fmul double %v28, %v31
  ret double %v32
}

; e^x - 1 = 2^n (r + lo) + (2^n - 1); computed halved so that n = 1024 does not overflow early.
define internal double @mc.expm1.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp ogt double %x, 0x4086300000000000
  %v2 = select i1 %v1, double 0x4086300000000000, double %x
  %v3 = fcmp olt double %v2, 0xC049000000000000
  %v4 = select i1 %v3, double 0xC049000000000000, double %v2
  %v5 = call double @llvm.fma.f64(double %v4, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v5, 0x4338000000000000
  %v6 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v4)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v6)
  %v7 = fsub double %v6, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v7)
  ; e^(r+rl) - 1 = r + r^2/2 + r^3 q(r) + rl (1 + r) = u + ul
  %v8 = fmul double %r, %r
  %v9 = call double @llvm.fma.f64(double 0x3E5AF6CC7118E5E6, double %v8, double 0x3EC71DDF0B2B810C)
  %v10 = call double @llvm.fma.f64(double %v9, double %v8, double 0x3F2A01A01B2A3463)
  %v11 = call double @llvm.fma.f64(double %v10, double %v8, double 0x3F8111111110F109)
  %v12 = call double @llvm.fma.f64(double %v11, double %v8, double 0x3FC555555555555A)
  %v13 = call double @llvm.fma.f64(double 0x3E92897867A08D73, double %v8, double 0x3EFA019B37DEFFF6)
  %v14 = call double @llvm.fma.f64(double %v13, double %v8, double 0x3F56C16C17A07A41)
  %v15 = call double @llvm.fma.f64(double %v14, double %v8, double 0x3FA5555555553AF6)
  %v16 = call double @llvm.fma.f64(double %v15, double %r, double %v12)
  %v17 = fmul double %r, %r
  %v18 = fmul double %v17, 0x3FE0000000000000
  %v19 = fneg double %v17
  %v20 = call double @llvm.fma.f64(double %r, double %r, double %v19)
  %v21 = fmul double %v20, 0x3FE0000000000000
  %v22 = fadd double %r, %v18
  %v23 = fsub double %r, %v22
  %v24 = fadd double %v23, %v18
  %v25 = fmul double %v17, %r
  %v26 = call double @llvm.fma.f64(double %rl, double %r, double %rl)
  %v27 = fadd double %v26, %v21
  %v28 = call double @llvm.fma.f64(double %v25, double %v16, double %v27)
  %v29 = fadd double %v24, %v28
  %v30 = fadd double %n, 0x43380000000003FE
  %v31 = bitcast double %v30 to i64
  %v32 = shl i64 %v31, 52
  %s = bitcast i64 %v32 to double
  ; s = 2^n/2; (e^x - 1)/2 = s (u + ul) + (s - 1/2), both sums with their errors
  %v33 = fsub double %s, 0x3FE0000000000000
  %v34 = fsub double %s, %v33
  %v35 = fsub double %v34, 0x3FE0000000000000
  %v36 = fmul double %s, %v22
  %v37 = fadd double %v33, %v36
  %v38 = fsub double %v33, %v37
  %v39 = fadd double %v38, %v36
  %v40 = call double @llvm.fma.f64(double %s, double %v29, double %v35)
  %v41 = fadd double %v39, %v40
  %v42 = fadd double %v37, %v41
  %v43 = fmul double %v42, 0x4000000000000000
  %v44 = call double @llvm.fabs.f64(double %x)
  %v45 = fcmp olt double %v44, 0x3C90000000000000
  %v46 = select i1 %v45, double %x, double %v43
  ret double %v46
}

; e^x of float, in double arithmetic with a polynomial of degree 6.
define internal float @mc.exp.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = fcmp ogt double %xd, 0x4059000000000000
  %v2 = select i1 %v1, double 0x4059000000000000, double %xd
  %v3 = fcmp olt double %v2, 0xC05B800000000000
  %v4 = select i1 %v3, double 0xC05B800000000000, double %v2
  %v5 = call double @llvm.fma.f64(double %v4, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v5, 0x4338000000000000
  %r = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA39EF, double %v4)
  %v6 = fmul double %r, %r
  %v7 = call double @llvm.fma.f64(double 0x3F56AB99635604A9, double %v6, double 0x3FA55589A6490E13)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0x3FDFFFFFAAEB801C)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0x3FF0000000262010)
  %v10 = call double @llvm.fma.f64(double 0x3F8126D221F60362, double %v6, double 0x3FC55540A513908C)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0x3FF0000009C242E2)
  %v12 = call double @llvm.fma.f64(double %v11, double %r, double %v9)
  %v13 = fadd double %n, 0x43380000000003FF
  %v14 = bitcast double %v13 to i64
  %v15 = shl i64 %v14, 52
  %v16 = bitcast i64 %v15 to double
  %v17 = fmul double %v12, %v16
  %v18 = fptrunc double %v17 to float
  ret float %v18
}

; 2^x of float, in double arithmetic with a polynomial of degree 6.
define internal float @mc.exp2.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = fcmp ogt double %xd, 0x4061800000000000
  %v2 = select i1 %v1, double 0x4061800000000000, double %xd
  %v3 = fcmp olt double %v2, 0xC064000000000000
  %v4 = select i1 %v3, double 0xC064000000000000, double %v2
  %v5 = fadd double %v4, 0x4338000000000000
  %n = fsub double %v5, 0x4338000000000000
  %v6 = fsub double %v4, %n
  %v7 = fmul double %v6, %v6
  %v8 = call double @llvm.fma.f64(double 0x3F241D356A080B5E, double %v7, double 0x3F83B2DBB90ABDD1)
  %v9 = call double @llvm.fma.f64(double %v8, double %v7, double 0x3FCEBFBDADCE48CB)
  %v10 = call double @llvm.fma.f64(double %v9, double %v7, double 0x3FF0000000261848)
  %v11 = call double @llvm.fma.f64(double 0x3F55F45702C81203, double %v7, double 0x3FAC6AED4AAE83B8)
  %v12 = call double @llvm.fma.f64(double %v11, double %v7, double 0x3FE62E430C7F7F22)
  %v13 = call double @llvm.fma.f64(double %v12, double %v6, double %v10)
  %v14 = fadd double %n, 0x43380000000003FF
  %v15 = bitcast double %v14 to i64
  %v16 = shl i64 %v15, 52
  %v17 = bitcast i64 %v16 to double
  %v18 = fmul double %v13, %v17
  %v19 = fptrunc double %v18 to float
  ret float %v19
}

; expm1 of float: the double function, rounded.
define internal float @mc.expm1.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.expm1.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}
