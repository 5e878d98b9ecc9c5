; Hyperbolic functions: sinh cosh tanh asinh acosh atanh.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; sinh x: x + x^3 p(x^2) for |x| < 1, beyond it E - 1/(4E) with E = e^|x|/2 (halved, so that it overflows where sinh does).
define internal double @mc.sinh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x4086380000000000
  %v3 = select i1 %v2, double 0x4086380000000000, double %v1
  %v4 = call double @llvm.fma.f64(double %v3, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v4, 0x4338000000000000
  ; r + rl = x - n ln2 (Cody and Waite)
  %v5 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v3)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v5)
  %v6 = fsub double %v5, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v6)
  ; e^r - 1 - r = r^2 q(r)
  %v7 = fmul double %r, %r
  %v8 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v7, double 0x3EFA0199A2480DA7)
  %v9 = call double @llvm.fma.f64(double %v8, double %v7, double 0x3F56C16C1841DC11)
  %v10 = call double @llvm.fma.f64(double %v9, double %v7, double 0x3FA55555555508D1)
  %v11 = call double @llvm.fma.f64(double %v10, double %v7, double 0x3FE0000000000009)
  %v12 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v7, double 0x3EC71DF259E35C70)
  %v13 = call double @llvm.fma.f64(double %v12, double %v7, double 0x3F2A01A012A1801D)
  %v14 = call double @llvm.fma.f64(double %v13, double %v7, double 0x3F81111111127D0E)
  %v15 = call double @llvm.fma.f64(double %v14, double %v7, double 0x3FC55555555554F9)
  %v16 = call double @llvm.fma.f64(double %v15, double %r, double %v11)
  %v17 = fmul double %r, %r
  %lo = call double @llvm.fma.f64(double %v17, double %v16, double %rl)
  %v18 = fadd double %r, %lo
  %p = fadd double 0x3FF0000000000000, %v18
  ; times 2^n in two factors
  %v19 = call double @llvm.fma.f64(double %n, double 0x3FE0000000000000, double 0x43380000000003FF)
  %v20 = fsub double %v19, 0x43380000000003FF
  %v21 = fsub double %n, %v20
  %v22 = fadd double %v21, 0x43380000000003FE
  %v23 = bitcast double %v19 to i64
  %v24 = shl i64 %v23, 52
  %v25 = bitcast i64 %v24 to double
  %v26 = fmul double %p, %v25
  %v27 = bitcast double %v22 to i64
  %v28 = shl i64 %v27, 52
  %v29 = bitcast i64 %v28 to double
  %e = fmul double %v26, %v29
  %v30 = fdiv double 0x3FD0000000000000, %e
  %v31 = fsub double %e, %v30
  %v32 = fmul double %x, %x
  %v33 = fmul double %v1, %v32
  %v34 = fmul double %v32, %v32
  %v35 = call double @llvm.fma.f64(double 0x3D6AE756EC3AA627, double %v34, double 0x3E5AE6456741BF1E)
  %v36 = call double @llvm.fma.f64(double %v35, double %v34, double 0x3F2A01A01A019FC1)
  %v37 = call double @llvm.fma.f64(double %v36, double %v34, double 0x3FC5555555555555)
  %v38 = call double @llvm.fma.f64(double 0x3CE9A79359637010, double %v34, double 0x3DE61246AF9EDB04)
  %v39 = call double @llvm.fma.f64(double %v38, double %v34, double 0x3EC71DE3A5573F74)
  %v40 = call double @llvm.fma.f64(double %v39, double %v34, double 0x3F81111111111111)
  %v41 = call double @llvm.fma.f64(double %v40, double %v32, double %v37)
  %v42 = call double @llvm.fma.f64(double %v33, double %v41, double %v1)
  %v43 = fcmp olt double %v1, 0x3FF0000000000000
  %v44 = select i1 %v43, double %v42, double %v31
  %v45 = call double @llvm.copysign.f64(double %v44, double %x)
  ret double %v45
}

; cosh x = E + 1/(4E), E = e^|x|/2.
define internal double @mc.cosh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x4086380000000000
  %v3 = select i1 %v2, double 0x4086380000000000, double %v1
  %v4 = call double @llvm.fma.f64(double %v3, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v4, 0x4338000000000000
  ; r + rl = x - n ln2 (Cody and Waite)
  %v5 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v3)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v5)
  %v6 = fsub double %v5, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v6)
  ; e^r - 1 - r = r^2 q(r)
  %v7 = fmul double %r, %r
  %v8 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v7, double 0x3EFA0199A2480DA7)
  %v9 = call double @llvm.fma.f64(double %v8, double %v7, double 0x3F56C16C1841DC11)
  %v10 = call double @llvm.fma.f64(double %v9, double %v7, double 0x3FA55555555508D1)
  %v11 = call double @llvm.fma.f64(double %v10, double %v7, double 0x3FE0000000000009)
  %v12 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v7, double 0x3EC71DF259E35C70)
  %v13 = call double @llvm.fma.f64(double %v12, double %v7, double 0x3F2A01A012A1801D)
  %v14 = call double @llvm.fma.f64(double %v13, double %v7, double 0x3F81111111127D0E)
  %v15 = call double @llvm.fma.f64(double %v14, double %v7, double 0x3FC55555555554F9)
  %v16 = call double @llvm.fma.f64(double %v15, double %r, double %v11)
  %v17 = fmul double %r, %r
  %lo = call double @llvm.fma.f64(double %v17, double %v16, double %rl)
  %v18 = fadd double %r, %lo
  %p = fadd double 0x3FF0000000000000, %v18
  ; times 2^n in two factors
  %v19 = call double @llvm.fma.f64(double %n, double 0x3FE0000000000000, double 0x43380000000003FF)
  %v20 = fsub double %v19, 0x43380000000003FF
  %v21 = fsub double %n, %v20
  %v22 = fadd double %v21, 0x43380000000003FE
  %v23 = bitcast double %v19 to i64
  %v24 = shl i64 %v23, 52
  %v25 = bitcast i64 %v24 to double
  %v26 = fmul double %p, %v25
  %v27 = bitcast double %v22 to i64
  %v28 = shl i64 %v27, 52
  %v29 = bitcast i64 %v28 to double
  %e = fmul double %v26, %v29
  %v30 = fdiv double 0x3FD0000000000000, %e
  %v31 = fadd double %e, %v30
  ret double %v31
}

; tanh |x| = h/(h + 1), h = (e^(2|x|) - 1)/2 as an unevaluated sum, one division.
define internal double @mc.tanh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x4034000000000000
  %v3 = select i1 %v2, double 0x4034000000000000, double %v1
  %v4 = fmul double %v3, 0x4000000000000000
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
  %v43 = fsub double %v37, %v42
  %v44 = fadd double %v43, %v41
  %v45 = fadd double %v42, 0x3FF0000000000000
  %v46 = fsub double %v45, %v42
  %v47 = fsub double %v45, %v46
  %v48 = fsub double %v42, %v47
  %v49 = fsub double 0x3FF0000000000000, %v46
  %v50 = fadd double %v48, %v49
  %v51 = fadd double %v50, %v44
  %v52 = fdiv double 0x3FF0000000000000, %v45
  %v53 = fmul double %v42, %v52
  %v54 = fneg double %v53
  %v55 = call double @llvm.fma.f64(double %v54, double %v51, double %v44)
  %v56 = fneg double %v53
  %v57 = call double @llvm.fma.f64(double %v56, double %v45, double %v42)
  %v58 = fadd double %v55, %v57
  %v59 = call double @llvm.fma.f64(double %v52, double %v58, double %v53)
  %v60 = call double @llvm.copysign.f64(double %v59, double %x)
  %v61 = call double @llvm.fabs.f64(double %x)
  %v62 = fcmp olt double %v61, 0x3C90000000000000
  %v63 = select i1 %v62, double %x, double %v60
  ret double %v63
}

; tanh x of float, in double arithmetic.
define internal float @mc.tanh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fabs.f64(double %xd)
  %v2 = fcmp ogt double %v1, 0x4024000000000000
  %v3 = select i1 %v2, double 0x4024000000000000, double %v1
  %v4 = call double @llvm.fma.f64(double %v3, double 0x40071547652B82FE, double 0x4338000000000000)
  %n = fsub double %v4, 0x4338000000000000
  %v5 = fmul double %v3, 0x4000000000000000
  %r = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA39EF, double %v5)
  %v6 = fadd double %n, 0x43380000000003FF
  %v7 = bitcast double %v6 to i64
  %v8 = shl i64 %v7, 52
  %s = bitcast i64 %v8 to double
  %v9 = fmul double %r, %r
  %v10 = call double @llvm.fma.f64(double 0x3F2A1AA96BB82D65, double %v9, double 0x3F8111085F7509FB)
  %v11 = call double @llvm.fma.f64(double %v10, double %v9, double 0x3FC555555959F011)
  %v12 = call double @llvm.fma.f64(double %v11, double %v9, double 0x3FEFFFFFFFFEC3A3)
  %v13 = call double @llvm.fma.f64(double 0x3F56D754C741DBC3, double %v9, double 0x3FA5554ACC592019)
  %v14 = call double @llvm.fma.f64(double %v13, double %v9, double 0x3FE0000002884787)
  %v15 = call double @llvm.fma.f64(double %v14, double %r, double %v12)
  %v16 = fmul double %r, %v15
  %v17 = fsub double %s, 0x3FF0000000000000
  %v18 = call double @llvm.fma.f64(double %s, double %v16, double %v17)
  %v19 = fadd double %v18, 0x4000000000000000
  %v20 = fdiv double %v18, %v19
  %v21 = call double @llvm.copysign.f64(double %v20, double %xd)
  %v22 = fptrunc double %v21 to float
  ret float %v22
}

; sinh of float: the double function, rounded.
define internal float @mc.sinh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.sinh.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; cosh x of float, in double arithmetic.
define internal float @mc.cosh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fabs.f64(double %xd)
  %v2 = fcmp ogt double %v1, 0x4059000000000000
  %v3 = select i1 %v2, double 0x4059000000000000, double %v1
  %v4 = call double @llvm.fma.f64(double %v3, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v4, 0x4338000000000000
  %r = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA39EF, double %v3)
  %v5 = fmul double %r, %r
  %v6 = call double @llvm.fma.f64(double 0x3F56AB99635604A9, double %v5, double 0x3FA55589A6490E13)
  %v7 = call double @llvm.fma.f64(double %v6, double %v5, double 0x3FDFFFFFAAEB801C)
  %v8 = call double @llvm.fma.f64(double %v7, double %v5, double 0x3FF0000000262010)
  %v9 = call double @llvm.fma.f64(double 0x3F8126D221F60362, double %v5, double 0x3FC55540A513908C)
  %v10 = call double @llvm.fma.f64(double %v9, double %v5, double 0x3FF0000009C242E2)
  %v11 = call double @llvm.fma.f64(double %v10, double %r, double %v8)
  %v12 = fadd double %n, 0x43380000000003FE
  %v13 = bitcast double %v12 to i64
  %v14 = shl i64 %v13, 52
  %v15 = bitcast i64 %v14 to double
  %v16 = fmul double %v11, %v15
  %v17 = fdiv double 0x3FD0000000000000, %v16
  %v18 = fadd double %v16, %v17
  %v19 = fptrunc double %v18 to float
  ret float %v19
}

; asinh |x| = log(1 + a + a^2/(1 + sqrt(1 + a^2))); log a + ln2 for a > 2^60.
define internal double @mc.asinh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x43B0000000000000
  %v3 = select i1 %v2, double 0x3FF0000000000000, double %v1
  %v4 = call double @llvm.fma.f64(double %v3, double %v3, double 0x3FF0000000000000)
  %v5 = call double @llvm.sqrt.f64(double %v4)
  %v6 = fadd double 0x3FF0000000000000, %v5
  %v7 = fdiv double %v3, %v6
  %v8 = fmul double %v3, %v7
  %v9 = fadd double %v3, %v8
  %v10 = fsub double %v3, %v9
  %v11 = fadd double %v10, %v8
  %v12 = select i1 %v2, double %v1, double %v9
  %v13 = select i1 %v2, double 0x0000000000000000, double %v11
  %v14 = select i1 %v2, double 0x3FF0000000000000, double 0x0000000000000000
  %u = fadd double %v12, 0x3FF0000000000000
  %v15 = fsub double %u, 0x3FF0000000000000
  %v16 = fsub double %u, %v15
  %v17 = fsub double 0x3FF0000000000000, %v16
  %v18 = fsub double %v12, %v15
  %c = fadd double %v17, %v18
  %v19 = fadd double %c, %v13
  %v20 = bitcast double %u to i64
  %v21 = add i64 %v20, 2638147582215219
  %v22 = lshr i64 %v21, 52
  %v23 = or i64 %v22, 4841369599423283200
  %v24 = bitcast i64 %v23 to double
  %k = fsub double %v24, 0x43300000000003FF
  %v25 = and i64 %v21, 4503599627370495
  %v26 = add i64 %v25, 4604544271217802189
  %m = bitcast i64 %v26 to double
  ; c 2^-k / m, 1/m by a few terms of its series around 1 (c is below half an ulp of u)
  %v27 = fcmp ogt double %k, 0x408F400000000000
  %v28 = select i1 %v27, double 0x408F400000000000, double %k
  %v29 = fsub double 0x43380000000003FF, %v28
  %v30 = bitcast double %v29 to i64
  %v31 = shl i64 %v30, 52
  %v32 = bitcast i64 %v31 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v33 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v33
  %v34 = fmul double %s, %s
  %v35 = fmul double %v34, %v34
  %v36 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v35, double 0x3FC745CDE37CD3BB)
  %v37 = call double @llvm.fma.f64(double %v36, double %v35, double 0x3FD249249242B441)
  %v38 = call double @llvm.fma.f64(double %v37, double %v35, double 0x3FE5555555555555)
  %v39 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v35, double 0x3FC3B20AB201326C)
  %v40 = call double @llvm.fma.f64(double %v39, double %v35, double 0x3FCC71C7258F83E0)
  %v41 = call double @llvm.fma.f64(double %v40, double %v35, double 0x3FD9999999999DFF)
  %v42 = call double @llvm.fma.f64(double %v41, double %v34, double %v38)
  %v43 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v43, %f
  %v44 = fneg double %sq
  %v45 = call double @llvm.fma.f64(double %v43, double %f, double %v44)
  %h = fsub double %f, %sq
  %v46 = fsub double %f, %h
  %v47 = fsub double %v46, %sq
  %v48 = fsub double %v47, %v45
  %v49 = call double @llvm.fma.f64(double %v34, double %v42, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v49, double %v48)
  %v50 = fsub double %m, 0x3FF0000000000000
  %v51 = fmul double %v50, %v50
  %v52 = call double @llvm.fma.f64(double 0xBFF1D5F8FC1291FE, double %v51, double 0xBFEFEC63A5041CB0)
  %v53 = call double @llvm.fma.f64(double 0x3FEBD858D4853ACF, double %v51, double 0x3FF03E8ABFC06920)
  %v54 = call double @llvm.fma.f64(double %v53, double %v50, double %v52)
  %v55 = call double @llvm.fma.f64(double %v50, double %v54, double 0x3FF0000000000000)
  %v56 = fmul double %v19, %v32
  %v57 = call double @llvm.fma.f64(double %v56, double %v55, double %l)
  %v58 = fadd double %k, %v14
  %v59 = fmul double %v58, 0x3FE62E42FEFA3800
  %v60 = fadd double %v59, %h
  %v61 = fsub double %v59, %v60
  %v62 = fadd double %v61, %h
  %v63 = call double @llvm.fma.f64(double %v58, double 0x3D2EF35793C76730, double %v57)
  %v64 = fadd double %v62, %v63
  %v65 = fadd double %v60, %v64
  %v66 = fcmp olt double %v1, 0x7FF0000000000000
  %v67 = select i1 %v66, double %v65, double %v1
  %v68 = call double @llvm.copysign.f64(double %v67, double %x)
  %v69 = call double @llvm.fabs.f64(double %x)
  %v70 = fcmp olt double %v69, 0x3C90000000000000
  %v71 = select i1 %v70, double %x, double %v68
  ret double %v71
}

; acosh x = log(1 + t + sqrt(t^2 + 2t)), t = x - 1; log x + ln2 for x > 2^60.
define internal double @mc.acosh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp ogt double %x, 0x43B0000000000000
  %v2 = fsub double %x, 0x3FF0000000000000
  %v3 = select i1 %v1, double 0x3FF0000000000000, double %v2
  %v4 = fmul double %v3, 0x4000000000000000
  %v5 = call double @llvm.fma.f64(double %v3, double %v3, double %v4)
  %v6 = call double @llvm.sqrt.f64(double %v5)
  %v7 = fadd double %v3, %v6
  %v8 = fsub double %v7, %v3
  %v9 = fsub double %v7, %v8
  %v10 = fsub double %v3, %v9
  %v11 = fsub double %v6, %v8
  %v12 = fadd double %v10, %v11
  %v13 = select i1 %v1, double %x, double %v7
  %v14 = select i1 %v1, double 0x0000000000000000, double %v12
  %v15 = select i1 %v1, double 0x3FF0000000000000, double 0x0000000000000000
  %u = fadd double %v13, 0x3FF0000000000000
  %v16 = fsub double %u, 0x3FF0000000000000
  %v17 = fsub double %u, %v16
  %v18 = fsub double 0x3FF0000000000000, %v17
  %v19 = fsub double %v13, %v16
  %c = fadd double %v18, %v19
  %v20 = fadd double %c, %v14
  %v21 = bitcast double %u to i64
  %v22 = add i64 %v21, 2638147582215219
  %v23 = lshr i64 %v22, 52
  %v24 = or i64 %v23, 4841369599423283200
  %v25 = bitcast i64 %v24 to double
  %k = fsub double %v25, 0x43300000000003FF
  %v26 = and i64 %v22, 4503599627370495
  %v27 = add i64 %v26, 4604544271217802189
  %m = bitcast i64 %v27 to double
  ; c 2^-k / m, 1/m by a few terms of its series around 1 (c is below half an ulp of u)
  %v28 = fcmp ogt double %k, 0x408F400000000000
  %v29 = select i1 %v28, double 0x408F400000000000, double %k
  %v30 = fsub double 0x43380000000003FF, %v29
  %v31 = bitcast double %v30 to i64
  %v32 = shl i64 %v31, 52
  %v33 = bitcast i64 %v32 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v34 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v34
  %v35 = fmul double %s, %s
  %v36 = fmul double %v35, %v35
  %v37 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v36, double 0x3FC745CDE37CD3BB)
  %v38 = call double @llvm.fma.f64(double %v37, double %v36, double 0x3FD249249242B441)
  %v39 = call double @llvm.fma.f64(double %v38, double %v36, double 0x3FE5555555555555)
  %v40 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v36, double 0x3FC3B20AB201326C)
  %v41 = call double @llvm.fma.f64(double %v40, double %v36, double 0x3FCC71C7258F83E0)
  %v42 = call double @llvm.fma.f64(double %v41, double %v36, double 0x3FD9999999999DFF)
  %v43 = call double @llvm.fma.f64(double %v42, double %v35, double %v39)
  %v44 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v44, %f
  %v45 = fneg double %sq
  %v46 = call double @llvm.fma.f64(double %v44, double %f, double %v45)
  %h = fsub double %f, %sq
  %v47 = fsub double %f, %h
  %v48 = fsub double %v47, %sq
  %v49 = fsub double %v48, %v46
  %v50 = call double @llvm.fma.f64(double %v35, double %v43, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v50, double %v49)
  %v51 = fsub double %m, 0x3FF0000000000000
  %v52 = fmul double %v51, %v51
  %v53 = call double @llvm.fma.f64(double 0xBFF1D5F8FC1291FE, double %v52, double 0xBFEFEC63A5041CB0)
  %v54 = call double @llvm.fma.f64(double 0x3FEBD858D4853ACF, double %v52, double 0x3FF03E8ABFC06920)
  %v55 = call double @llvm.fma.f64(double %v54, double %v51, double %v53)
  %v56 = call double @llvm.fma.f64(double %v51, double %v55, double 0x3FF0000000000000)
  %v57 = fmul double %v20, %v33
  %v58 = call double @llvm.fma.f64(double %v57, double %v56, double %l)
  %v59 = fadd double %k, %v15
  %v60 = fmul double %v59, 0x3FE62E42FEFA3800
  %v61 = fadd double %v60, %h
  %v62 = fsub double %v60, %v61
  %v63 = fadd double %v62, %h
  %v64 = call double @llvm.fma.f64(double %v59, double 0x3D2EF35793C76730, double %v58)
  %v65 = fadd double %v63, %v64
  %v66 = fadd double %v61, %v65
  %v67 = fcmp oge double %x, 0x3FF0000000000000
  %v68 = fcmp olt double %x, 0x7FF0000000000000
  %v69 = select i1 %v68, double %v66, double %x
  %v70 = select i1 %v67, double %v69, double 0x7FF8000000000000
  %v71 = fcmp oeq double %x, 0x3FF0000000000000
  %v72 = select i1 %v71, double 0x0000000000000000, double %v70
  ret double %v72
}

; atanh |x| = log(1 + 2a/(1 - a))/2.
define internal double @mc.atanh.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fsub double 0x3FF0000000000000, %v1
  %v3 = fsub double 0x3FF0000000000000, %v2
  %v4 = fsub double %v3, %v1
  %v5 = fdiv double 0x3FF0000000000000, %v2
  %v6 = fmul double %v1, 0x4000000000000000
  %v7 = fmul double %v6, %v5
  %v8 = fneg double %v7
  %v9 = fneg double %v7
  %v10 = call double @llvm.fma.f64(double %v9, double %v2, double %v6)
  %v11 = call double @llvm.fma.f64(double %v8, double %v4, double %v10)
  %v12 = fmul double %v5, %v11
  %v13 = fadd double %v7, %v12
  %v14 = fsub double %v7, %v13
  %v15 = fadd double %v14, %v12
  %u = fadd double %v13, 0x3FF0000000000000
  %v16 = fsub double %u, 0x3FF0000000000000
  %v17 = fsub double %u, %v16
  %v18 = fsub double 0x3FF0000000000000, %v17
  %v19 = fsub double %v13, %v16
  %c = fadd double %v18, %v19
  %v20 = fadd double %c, %v15
  %v21 = bitcast double %u to i64
  %v22 = add i64 %v21, 2638147582215219
  %v23 = lshr i64 %v22, 52
  %v24 = or i64 %v23, 4841369599423283200
  %v25 = bitcast i64 %v24 to double
  %k = fsub double %v25, 0x43300000000003FF
  %v26 = and i64 %v22, 4503599627370495
  %v27 = add i64 %v26, 4604544271217802189
  %m = bitcast i64 %v27 to double
  ; c 2^-k / m, 1/m by a few terms of its series around 1 (c is below half an ulp of u)
  %v28 = fcmp ogt double %k, 0x408F400000000000
  %v29 = select i1 %v28, double 0x408F400000000000, double %k
  %v30 = fsub double 0x43380000000003FF, %v29
  %v31 = bitcast double %v30 to i64
  %v32 = shl i64 %v31, 52
  %v33 = bitcast i64 %v32 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v34 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v34
  %v35 = fmul double %s, %s
  %v36 = fmul double %v35, %v35
  %v37 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v36, double 0x3FC745CDE37CD3BB)
  %v38 = call double @llvm.fma.f64(double %v37, double %v36, double 0x3FD249249242B441)
  %v39 = call double @llvm.fma.f64(double %v38, double %v36, double 0x3FE5555555555555)
  %v40 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v36, double 0x3FC3B20AB201326C)
  %v41 = call double @llvm.fma.f64(double %v40, double %v36, double 0x3FCC71C7258F83E0)
  %v42 = call double @llvm.fma.f64(double %v41, double %v36, double 0x3FD9999999999DFF)
  %v43 = call double @llvm.fma.f64(double %v42, double %v35, double %v39)
  %v44 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v44, %f
  %v45 = fneg double %sq
  %v46 = call double @llvm.fma.f64(double %v44, double %f, double %v45)
  %h = fsub double %f, %sq
  %v47 = fsub double %f, %h
  %v48 = fsub double %v47, %sq
  %v49 = fsub double %v48, %v46
  %v50 = call double @llvm.fma.f64(double %v35, double %v43, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v50, double %v49)
  %v51 = fsub double %m, 0x3FF0000000000000
  %v52 = fmul double %v51, %v51
  %v53 = call double @llvm.fma.f64(double 0xBFF1D5F8FC1291FE, double %v52, double 0xBFEFEC63A5041CB0)
  %v54 = call double @llvm.fma.f64(double 0x3FEBD858D4853ACF, double %v52, double 0x3FF03E8ABFC06920)
  %v55 = call double @llvm.fma.f64(double %v54, double %v51, double %v53)
  %v56 = call double @llvm.fma.f64(double %v51, double %v55, double 0x3FF0000000000000)
  %v57 = fmul double %v20, %v33
  %v58 = call double @llvm.fma.f64(double %v57, double %v56, double %l)
  %v59 = fmul double %k, 0x3FE62E42FEFA3800
  %v60 = fadd double %v59, %h
  %v61 = fsub double %v59, %v60
  %v62 = fadd double %v61, %h
  %v63 = call double @llvm.fma.f64(double %k, double 0x3D2EF35793C76730, double %v58)
  %v64 = fadd double %v62, %v63
  %v65 = fadd double %v60, %v64
  %v66 = fmul double %v65, 0x3FE0000000000000
  %v67 = fcmp olt double %v1, 0x3FF0000000000000
  %v68 = fcmp oeq double %v1, 0x3FF0000000000000
  %v69 = select i1 %v68, double 0x7FF0000000000000, double 0x7FF8000000000000
  %v70 = select i1 %v67, double %v66, double %v69
  %v71 = call double @llvm.copysign.f64(double %v70, double %x)
  %v72 = call double @llvm.fabs.f64(double %x)
  %v73 = fcmp olt double %v72, 0x3C90000000000000
  %v74 = select i1 %v73, double %x, double %v71
  ret double %v74
}

; asinh of float: the double function, rounded.
define internal float @mc.asinh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.asinh.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; acosh of float: the double function, rounded.
define internal float @mc.acosh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.acosh.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; atanh of float: the double function, rounded.
define internal float @mc.atanh.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.atanh.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}
