; Roots: sqrt cbrt hypot.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; sqrt x: the instruction.
define internal double @mc.sqrt.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.sqrt.f64(double %x)
  ret double %v1
}

; sqrt of float: the instruction (double's rounded result, rounded to float, is the same).
define internal float @mc.sqrt.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @llvm.sqrt.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; cbrt x: |x| = 2^(3q+j) m with 1 <= m < 2 and j in -1, 0, 1; y ~ m^(-1/3) by a polynomial and one step of third order,
; c = m y^2 ~ m^(1/3), one Newton step with the residual m - c^3 exact.
define internal double @mc.cbrt.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp olt double %v1, 0x0010000000000000
  %v3 = fmul double %v1, 0x4350000000000000
  %v4 = select i1 %v2, double %v3, double %v1
  %v5 = bitcast double %v4 to i64
  %v6 = lshr i64 %v5, 52
  %v7 = or i64 %v6, 4841369599423283200
  %v8 = bitcast i64 %v7 to double
  %v9 = select i1 %v2, double 0x4330000000000435, double 0x43300000000003FF
  %v10 = fsub double %v8, %v9
  %v11 = and i64 %v5, 4503599627370495
  %v12 = or i64 %v11, 4607182418800017408
  %m = bitcast i64 %v12 to double
  %v13 = call double @llvm.fma.f64(double %v10, double 0x3FD5555555555555, double 0x4338000000000000)
  %q = fsub double %v13, 0x4338000000000000
  %j = call double @llvm.fma.f64(double %q, double 0xC008000000000000, double %v10)
  ; m 2^j
  %v14 = fcmp ogt double %j, 0x0000000000000000
  %v15 = fcmp olt double %j, 0x0000000000000000
  %v16 = select i1 %v15, double 0x3FE0000000000000, double 0x3FF0000000000000
  %v17 = select i1 %v14, double 0x4000000000000000, double %v16
  %v18 = fmul double %m, %v17
  %v19 = fmul double %m, %m
  %v20 = call double @llvm.fma.f64(double 0x3FC3FA404E7853BD, double %v19, double 0x3FF3E69E9470C396)
  %v21 = call double @llvm.fma.f64(double %v20, double %v19, double 0x3FFC7F3B49D06F51)
  %v22 = call double @llvm.fma.f64(double 0xBF916D85C89E2B6C, double %v19, double 0xBFE321DC5E8D2E61)
  %v23 = call double @llvm.fma.f64(double %v22, double %v19, double 0xBFF90E83A79EFFED)
  %v24 = call double @llvm.fma.f64(double %v23, double %m, double %v21)
  %v25 = fcmp ogt double %j, 0x0000000000000000
  %v26 = fcmp olt double %j, 0x0000000000000000
  %v27 = select i1 %v26, double 0x3FF428A2F98D728B, double 0x3FF0000000000000
  %v28 = select i1 %v25, double 0x3FE965FEA53D6E3D, double %v27
  %v29 = fmul double %v24, %v28
  %v30 = fmul double %v18, %v29
  %v31 = fneg double %v30
  %v32 = fmul double %v29, %v29
  %v33 = call double @llvm.fma.f64(double %v31, double %v32, double 0x3FF0000000000000)
  %v34 = fmul double %v29, %v33
  %v35 = call double @llvm.fma.f64(double %v33, double 0x3FCC71C71C71C71C, double 0x3FD5555555555555)
  %y = call double @llvm.fma.f64(double %v34, double %v35, double %v29)
  %v36 = fmul double %y, %y
  %c = fmul double %v18, %v36
  %v37 = fmul double %c, %c
  %v38 = fneg double %v37
  %v39 = call double @llvm.fma.f64(double %c, double %c, double %v38)
  %v40 = fneg double %v18
  %v41 = call double @llvm.fma.f64(double %v37, double %c, double %v40)
  %v42 = call double @llvm.fma.f64(double %v39, double %c, double %v41)
  %v43 = fmul double %v42, 0xBFD5555555555555
  %v44 = call double @llvm.fma.f64(double %v43, double %v36, double %c)
  %v45 = fadd double %q, 0x43380000000003FF
  %v46 = bitcast double %v45 to i64
  %v47 = shl i64 %v46, 52
  %v48 = bitcast i64 %v47 to double
  %v49 = fmul double %v44, %v48
  %v50 = call double @llvm.copysign.f64(double %v49, double %x)
  %v51 = fcmp oeq double %v1, 0x0000000000000000
  %v52 = fcmp ueq double %v1, 0x7FF0000000000000
  %v53 = or i1 %v51, %v52
  %v54 = select i1 %v53, double %x, double %v50
  ret double %v54
}

; cbrt of float: the double function, rounded.
define internal float @mc.cbrt.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.cbrt.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; sqrt(x^2 + y^2), scaled by 2^-600 or 2^600 where the squares would overflow or vanish.
define internal double @mc.hypot.f64(double %x, double %y) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = call double @llvm.fabs.f64(double %y)
  %v3 = fcmp ogt double %v1, %v2
  %v4 = select i1 %v3, double %v1, double %v2
  %v5 = select i1 %v3, double %v2, double %v1
  %v6 = fcmp ogt double %v4, 0x5F30000000000000
  %v7 = fcmp olt double %v4, 0x23D0000000000000
  %v8 = select i1 %v7, double 0x6570000000000000, double 0x3FF0000000000000
  %v9 = select i1 %v6, double 0x1A70000000000000, double %v8
  %v10 = select i1 %v7, double 0x1A70000000000000, double 0x3FF0000000000000
  %v11 = select i1 %v6, double 0x6570000000000000, double %v10
  %v12 = fmul double %v4, %v9
  %v13 = fmul double %v5, %v9
  %v14 = fmul double %v12, %v12
  %v15 = fmul double %v13, %v13
  ; u^2 + v^2 with its rounding errors
  %v16 = fadd double %v14, %v15
  %v17 = fsub double %v14, %v16
  %v18 = fadd double %v17, %v15
  %v19 = fneg double %v14
  %v20 = call double @llvm.fma.f64(double %v12, double %v12, double %v19)
  %v21 = fadd double %v18, %v20
  %v22 = fneg double %v15
  %v23 = call double @llvm.fma.f64(double %v13, double %v13, double %v22)
  %v24 = fadd double %v21, %v23
  %v25 = fadd double %v16, %v24
  %v26 = call double @llvm.sqrt.f64(double %v25)
  %v27 = fmul double %v26, %v11
  %v28 = fcmp uno double %x, %y
  %v29 = fcmp oeq double %v1, 0x7FF0000000000000
  %v30 = fcmp oeq double %v2, 0x7FF0000000000000
  %v31 = or i1 %v29, %v30
  %v32 = select i1 %v28, double 0x7FF8000000000000, double %v27
  %v33 = select i1 %v31, double 0x7FF0000000000000, double %v32
  ret double %v33
}

; hypot of floats: the squares are in range as doubles.
define internal float @mc.hypot.f32(float %x, float %y) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %yd = fpext float %y to double
  %v1 = fmul double %yd, %yd
  %v2 = call double @llvm.fma.f64(double %xd, double %xd, double %v1)
  %v3 = call double @llvm.sqrt.f64(double %v2)
  %v4 = call double @llvm.fabs.f64(double %xd)
  %v5 = fcmp oeq double %v4, 0x7FF0000000000000
  %v6 = call double @llvm.fabs.f64(double %yd)
  %v7 = fcmp oeq double %v6, 0x7FF0000000000000
  %v8 = or i1 %v5, %v7
  %v9 = select i1 %v8, double 0x7FF0000000000000, double %v3
  %v10 = fptrunc double %v9 to float
  ret float %v10
}
