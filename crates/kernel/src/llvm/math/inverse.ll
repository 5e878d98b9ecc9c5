; Inverse trigonometric functions: asin acos atan atan2.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; asin x = x + x^3 p(x^2) for |x| < 1/2; pi/2 - 2 asin(sqrt((1-|x|)/2)) beyond (as fdlibm's e_asin.c).
define internal double @mc.asin.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x3FE0000000000000
  %v3 = call double @llvm.fma.f64(double %v1, double 0xBFE0000000000000, double 0x3FE0000000000000)
  %v4 = fmul double %x, %x
  %z = select i1 %v2, double %v3, double %v4
  %v5 = call double @llvm.sqrt.f64(double %z)
  %s = select i1 %v2, double %v5, double %v1
  %v6 = fmul double %z, %z
  %v7 = call double @llvm.fma.f64(double 0x3FA0B4CEEAC214A7, double %v6, double 0x3F963ABDC5191C68)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0x3F86140525571032)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0x3F8CA1FA5DB9A202)
  %v10 = call double @llvm.fma.f64(double %v9, double %v6, double 0x3F96E8BDEF1EA1BB)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0x3FA6DB6DB72149F5)
  %v12 = call double @llvm.fma.f64(double %v11, double %v6, double 0x3FC5555555555577)
  %v13 = call double @llvm.fma.f64(double 0xBF95812391E44777, double %v6, double 0x3F6E5BFF1D6284D4)
  %v14 = call double @llvm.fma.f64(double %v13, double %v6, double 0x3F87584D0F61CE56)
  %v15 = call double @llvm.fma.f64(double %v14, double %v6, double 0x3F91C49EF3F6E4FC)
  %v16 = call double @llvm.fma.f64(double %v15, double %v6, double 0x3F9F1C71A943CCAD)
  %v17 = call double @llvm.fma.f64(double %v16, double %v6, double 0x3FB333333332E0F7)
  %v18 = call double @llvm.fma.f64(double %v17, double %z, double %v12)
  %v19 = fmul double %s, %z
  %t = fmul double %v19, %v18
  %w = call double @llvm.fma.f64(double %s, double 0xC000000000000000, double 0x3FF921FB54442D18)
  %v20 = fsub double 0x3FF921FB54442D18, %w
  %v21 = call double @llvm.fma.f64(double %s, double 0xC000000000000000, double %v20)
  %v22 = fadd double %v21, 0x3C91A62633145C07
  %v23 = call double @llvm.fma.f64(double %t, double 0xC000000000000000, double %v22)
  %v24 = fadd double %w, %v23
  %v25 = fadd double %v1, %t
  %v26 = select i1 %v2, double %v24, double %v25
  %v27 = call double @llvm.copysign.f64(double %v26, double %x)
  ret double %v27
}

; acos x = pi/2 - asin x for |x| < 1/2; 2 asin(sqrt((1-x)/2)) for x > 1/2, pi minus that of -x for x < -1/2.
define internal double @mc.acos.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x3FE0000000000000
  %v3 = call double @llvm.fma.f64(double %v1, double 0xBFE0000000000000, double 0x3FE0000000000000)
  %v4 = fmul double %x, %x
  %z = select i1 %v2, double %v3, double %v4
  %v5 = call double @llvm.sqrt.f64(double %z)
  %s = select i1 %v2, double %v5, double %v1
  %v6 = fmul double %z, %z
  %v7 = call double @llvm.fma.f64(double 0x3FA0B4CEEAC214A7, double %v6, double 0x3F963ABDC5191C68)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0x3F86140525571032)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0x3F8CA1FA5DB9A202)
  %v10 = call double @llvm.fma.f64(double %v9, double %v6, double 0x3F96E8BDEF1EA1BB)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0x3FA6DB6DB72149F5)
  %v12 = call double @llvm.fma.f64(double %v11, double %v6, double 0x3FC5555555555577)
  %v13 = call double @llvm.fma.f64(double 0xBF95812391E44777, double %v6, double 0x3F6E5BFF1D6284D4)
  %v14 = call double @llvm.fma.f64(double %v13, double %v6, double 0x3F87584D0F61CE56)
  %v15 = call double @llvm.fma.f64(double %v14, double %v6, double 0x3F91C49EF3F6E4FC)
  %v16 = call double @llvm.fma.f64(double %v15, double %v6, double 0x3F9F1C71A943CCAD)
  %v17 = call double @llvm.fma.f64(double %v16, double %v6, double 0x3FB333333332E0F7)
  %v18 = call double @llvm.fma.f64(double %v17, double %z, double %v12)
  %v19 = fmul double %s, %z
  %t = fmul double %v19, %v18
  %v20 = select i1 %v2, double %s, double %x
  %v21 = call double @llvm.copysign.f64(double %t, double %x)
  %v22 = select i1 %v2, double %t, double %v21
  %v23 = fcmp olt double %x, 0x0000000000000000
  ; base - m (s + t): pi/2 - (x + ..), 0 + 2 (s + t), pi - 2 (s + t)
  %v24 = select i1 %v23, double 0x400921FB54442D18, double 0x0000000000000000
  %v25 = select i1 %v2, double %v24, double 0x3FF921FB54442D18
  %v26 = select i1 %v23, double 0x3CA1A62633145C07, double 0x0000000000000000
  %v27 = select i1 %v2, double %v26, double 0x3C91A62633145C07
  %v28 = select i1 %v23, double 0xC000000000000000, double 0x4000000000000000
  %v29 = select i1 %v2, double %v28, double 0xBFF0000000000000
  %v30 = fmul double %v29, %v20
  %v31 = fadd double %v25, %v30
  %v32 = fsub double %v25, %v31
  %v33 = fadd double %v32, %v30
  %v34 = fadd double %v33, %v27
  %v35 = call double @llvm.fma.f64(double %v29, double %v22, double %v34)
  %v36 = fadd double %v31, %v35
  ret double %v36
}

; atan x = t + t^3 p(t^2) with t = |x|, or pi/2 - that with t = 1/|x| for |x| > 1.
define internal double @mc.atan.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x3FF0000000000000
  %v3 = fdiv double 0x3FF0000000000000, %v1
  %t = select i1 %v2, double %v3, double %v1
  %v4 = fmul double %t, %t
  %v5 = fmul double %v4, %v4
  %v6 = call double @llvm.fma.f64(double 0x3F1B3AEA6BA79AE9, double %v5, double 0x3F61A04C1DE5F0EF)
  %v7 = call double @llvm.fma.f64(double %v6, double %v5, double 0x3F872DC80C7643F3)
  %v8 = call double @llvm.fma.f64(double %v7, double %v5, double 0x3F9AC78A9FF1A99B)
  %v9 = call double @llvm.fma.f64(double %v8, double %v5, double 0x3FA3904709345B97)
  %v10 = call double @llvm.fma.f64(double %v9, double %v5, double 0x3FA84B45544895DA)
  %v11 = call double @llvm.fma.f64(double %v10, double %v5, double 0x3FAE1D487730A660)
  %v12 = call double @llvm.fma.f64(double %v11, double %v5, double 0x3FB3B139BCF89B86)
  %v13 = call double @llvm.fma.f64(double %v12, double %v5, double 0x3FBC71C71B62A17F)
  %v14 = call double @llvm.fma.f64(double 0xBEE2265597496DB4, double %v5, double 0xBF436DAAD13AA650)
  %v15 = call double @llvm.fma.f64(double %v14, double %v5, double 0xBF76FD1C0B0A338F)
  %v16 = call double @llvm.fma.f64(double %v15, double %v5, double 0xBF930FA4B2294E4B)
  %v17 = call double @llvm.fma.f64(double %v16, double %v5, double 0xBFA0C944071610C1)
  %v18 = call double @llvm.fma.f64(double %v17, double %v5, double 0xBFA5F2430AE65351)
  %v19 = call double @llvm.fma.f64(double %v18, double %v5, double 0xBFAAEDA538D00487)
  %v20 = call double @llvm.fma.f64(double %v19, double %v5, double 0xBFB1110327042E70)
  %v21 = call double @llvm.fma.f64(double %v20, double %v5, double 0xBFB745D15D045097)
  %v22 = call double @llvm.fma.f64(double %v21, double %v4, double %v13)
  %v23 = call double @llvm.fma.f64(double %v22, double %v4, double 0xBFC2492492456AF2)
  %v24 = call double @llvm.fma.f64(double %v23, double %v4, double 0x3FC9999999998C28)
  %v25 = call double @llvm.fma.f64(double %v24, double %v4, double 0xBFD555555555554D)
  %a = fmul double %v4, %v25
  %s = call double @llvm.fma.f64(double %t, double %a, double %t)
  %v26 = fsub double %t, %s
  %v27 = call double @llvm.fma.f64(double %t, double %a, double %v26)
  ; pi/2 - s - se with the rounding error of the first difference
  %v28 = fsub double 0x3FF921FB54442D18, %s
  %v29 = fsub double 0x3FF921FB54442D18, %v28
  %v30 = fsub double %v29, %s
  %v31 = fsub double 0x3C91A62633145C07, %v27
  %v32 = fadd double %v30, %v31
  %v33 = fadd double %v28, %v32
  %v34 = select i1 %v2, double %v33, double %s
  %v35 = call double @llvm.copysign.f64(double %v34, double %x)
  ret double %v35
}

; atan2(y, x): t = min/max of the sizes, then the octants.
define internal double @mc.atan2.f64(double %y, double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %y)
  %v2 = call double @llvm.fabs.f64(double %x)
  %v3 = fcmp ogt double %v1, %v2
  %v4 = select i1 %v3, double %v2, double %v1
  %v5 = select i1 %v3, double %v1, double %v2
  ; 0/0 is 0, inf/inf is 1
  %v6 = fcmp oeq double %v5, 0x0000000000000000
  %v7 = fcmp oeq double %v4, 0x7FF0000000000000
  %v8 = fdiv double %v4, %v5
  %v9 = select i1 %v7, double 0x3FF0000000000000, double %v8
  %t = select i1 %v6, double 0x0000000000000000, double %v9
  %v10 = fmul double %t, %t
  %v11 = fmul double %v10, %v10
  %v12 = call double @llvm.fma.f64(double 0x3F1B3AEA6BA79AE9, double %v11, double 0x3F61A04C1DE5F0EF)
  %v13 = call double @llvm.fma.f64(double %v12, double %v11, double 0x3F872DC80C7643F3)
  %v14 = call double @llvm.fma.f64(double %v13, double %v11, double 0x3F9AC78A9FF1A99B)
  %v15 = call double @llvm.fma.f64(double %v14, double %v11, double 0x3FA3904709345B97)
  %v16 = call double @llvm.fma.f64(double %v15, double %v11, double 0x3FA84B45544895DA)
  %v17 = call double @llvm.fma.f64(double %v16, double %v11, double 0x3FAE1D487730A660)
  %v18 = call double @llvm.fma.f64(double %v17, double %v11, double 0x3FB3B139BCF89B86)
  %v19 = call double @llvm.fma.f64(double %v18, double %v11, double 0x3FBC71C71B62A17F)
  %v20 = call double @llvm.fma.f64(double 0xBEE2265597496DB4, double %v11, double 0xBF436DAAD13AA650)
  %v21 = call double @llvm.fma.f64(double %v20, double %v11, double 0xBF76FD1C0B0A338F)
  %v22 = call double @llvm.fma.f64(double %v21, double %v11, double 0xBF930FA4B2294E4B)
  %v23 = call double @llvm.fma.f64(double %v22, double %v11, double 0xBFA0C944071610C1)
  %v24 = call double @llvm.fma.f64(double %v23, double %v11, double 0xBFA5F2430AE65351)
  %v25 = call double @llvm.fma.f64(double %v24, double %v11, double 0xBFAAEDA538D00487)
  %v26 = call double @llvm.fma.f64(double %v25, double %v11, double 0xBFB1110327042E70)
  %v27 = call double @llvm.fma.f64(double %v26, double %v11, double 0xBFB745D15D045097)
  %v28 = call double @llvm.fma.f64(double %v27, double %v10, double %v19)
  %v29 = call double @llvm.fma.f64(double %v28, double %v10, double 0xBFC2492492456AF2)
  %v30 = call double @llvm.fma.f64(double %v29, double %v10, double 0x3FC9999999998C28)
  %v31 = call double @llvm.fma.f64(double %v30, double %v10, double 0xBFD555555555554D)
  %a = fmul double %v10, %v31
  %s = call double @llvm.fma.f64(double %t, double %a, double %t)
  %v32 = fsub double %t, %s
  %v33 = call double @llvm.fma.f64(double %t, double %a, double %v32)
  %v34 = bitcast double %x to i64
  %v35 = icmp slt i64 %v34, 0
  %v36 = select i1 %v35, double 0x400921FB54442D18, double 0x0000000000000000
  %v37 = select i1 %v3, double 0x3FF921FB54442D18, double %v36
  %v38 = select i1 %v35, double 0x3CA1A62633145C07, double 0x0000000000000000
  %v39 = select i1 %v3, double 0x3C91A62633145C07, double %v38
  %v40 = xor i1 %v3, %v35
  %v41 = fneg double %s
  %v42 = select i1 %v40, double %v41, double %s
  %v43 = fneg double %v33
  %v44 = select i1 %v40, double %v43, double %v33
  %v45 = fadd double %v37, %v42
  %v46 = fsub double %v37, %v45
  %v47 = fadd double %v46, %v42
  %v48 = fadd double %v39, %v44
  %v49 = fadd double %v47, %v48
  %v50 = fadd double %v45, %v49
  %v51 = fcmp uno double %x, %y
  %v52 = call double @llvm.copysign.f64(double %v50, double %y)
  %v53 = select i1 %v51, double 0x7FF8000000000000, double %v52
  ret double %v53
}

; atan x of float, in double arithmetic.
define internal float @mc.atan.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = call double @llvm.fabs.f64(double %xd)
  %v2 = fcmp ogt double %v1, 0x3FF0000000000000
  %v3 = fdiv double 0x3FF0000000000000, %v1
  %v4 = select i1 %v2, double %v3, double %v1
  %v5 = fmul double %v4, %v4
  %v6 = fmul double %v5, %v5
  %v7 = call double @llvm.fma.f64(double 0x3F51E04F25AB7E50, double %v6, double 0x3F96CF03425D877B)
  %v8 = call double @llvm.fma.f64(double %v7, double %v6, double 0x3FB13174F4780DBE)
  %v9 = call double @llvm.fma.f64(double %v8, double %v6, double 0x3FBC4CAD52141583)
  %v10 = call double @llvm.fma.f64(double %v9, double %v6, double 0x3FC999786EC92333)
  %v11 = call double @llvm.fma.f64(double %v10, double %v6, double 0x3FEFFFFFFFCCF4E9)
  %v12 = call double @llvm.fma.f64(double 0xBF7D7CF0CD14449A, double %v6, double 0xBFA6B5FCB98A04E7)
  %v13 = call double @llvm.fma.f64(double %v12, double %v6, double 0xBFB6865BF53084A5)
  %v14 = call double @llvm.fma.f64(double %v13, double %v6, double 0xBFC246FEB5F1EA1B)
  %v15 = call double @llvm.fma.f64(double %v14, double %v6, double 0xBFD55554F069D860)
  %v16 = call double @llvm.fma.f64(double %v15, double %v5, double %v11)
  %v17 = fmul double %v4, %v16
  %v18 = fsub double 0x3FF921FB54442D18, %v17
  %v19 = select i1 %v2, double %v18, double %v17
  %v20 = call double @llvm.copysign.f64(double %v19, double %xd)
  %v21 = fptrunc double %v20 to float
  ret float %v21
}

; asin of float: the double function, rounded.
define internal float @mc.asin.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.asin.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; acos of float: the double function, rounded.
define internal float @mc.acos.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.acos.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; atan2 of float: the double function, rounded.
define internal float @mc.atan2.f32(float %x, float %y) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %yd = fpext float %y to double
  %d = call double @mc.atan2.f64(double %xd, double %yd)
  %r = fptrunc double %d to float
  ret float %r
}
