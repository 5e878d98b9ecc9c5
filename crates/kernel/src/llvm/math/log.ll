; Logarithms: log log2 log10 log1p.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; log x = k ln2 + log m, sqrt(1/2) <= m < sqrt(2); with f = m - 1, s = f/(2+f):
; log m = f - (f^2/2 - s (f^2/2 + s^2 q(s^2))) (the form of fdlibm's e_log.c; q our own minimax), the large sums with their rounding errors.
define internal double @mc.log.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp olt double %x, 0x0010000000000000
  %v2 = fmul double %x, 0x4350000000000000
  %v3 = select i1 %v1, double %v2, double %x
  %v4 = select i1 %v1, double 0x4330000000000435, double 0x43300000000003FF
  %v5 = bitcast double %v3 to i64
  %v6 = add i64 %v5, 2638147582215219
  %v7 = lshr i64 %v6, 52
  %v8 = or i64 %v7, 4841369599423283200
  %v9 = bitcast i64 %v8 to double
  %k = fsub double %v9, %v4
  %v10 = and i64 %v6, 4503599627370495
  %v11 = add i64 %v10, 4604544271217802189
  %m = bitcast i64 %v11 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v12 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v12
  %v13 = fmul double %s, %s
  %v14 = fmul double %v13, %v13
  %v15 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v14, double 0x3FC745CDE37CD3BB)
  %v16 = call double @llvm.fma.f64(double %v15, double %v14, double 0x3FD249249242B441)
  %v17 = call double @llvm.fma.f64(double %v16, double %v14, double 0x3FE5555555555555)
  %v18 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v14, double 0x3FC3B20AB201326C)
  %v19 = call double @llvm.fma.f64(double %v18, double %v14, double 0x3FCC71C7258F83E0)
  %v20 = call double @llvm.fma.f64(double %v19, double %v14, double 0x3FD9999999999DFF)
  %v21 = call double @llvm.fma.f64(double %v20, double %v13, double %v17)
  %v22 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v22, %f
  %v23 = fneg double %sq
  %v24 = call double @llvm.fma.f64(double %v22, double %f, double %v23)
  %h = fsub double %f, %sq
  %v25 = fsub double %f, %h
  %v26 = fsub double %v25, %sq
  %v27 = fsub double %v26, %v24
  %v28 = call double @llvm.fma.f64(double %v13, double %v21, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v28, double %v27)
  %v29 = fmul double %k, 0x3FE62E42FEFA3800
  %v30 = fadd double %v29, %h
  %v31 = fsub double %v29, %v30
  %v32 = fadd double %v31, %h
  %v33 = call double @llvm.fma.f64(double %k, double 0x3D2EF35793C76730, double %l)
  %v34 = fadd double %v32, %v33
  %v35 = fadd double %v30, %v34
  %v36 = fcmp oeq double %x, 0x0000000000000000
  %v37 = select i1 %v36, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v38 = fcmp ogt double %x, 0x0000000000000000
  %v39 = fcmp olt double %x, 0x7FF0000000000000
  %v40 = select i1 %v39, double %v35, double %x
  %v41 = select i1 %v38, double %v40, double %v37
  ret double %v41
}

; log2 x = k log2(2) + (h + l) / ln(2.0) in double-double, h + l = log m as in log.
define internal double @mc.log2.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp olt double %x, 0x0010000000000000
  %v2 = fmul double %x, 0x4350000000000000
  %v3 = select i1 %v1, double %v2, double %x
  %v4 = select i1 %v1, double 0x4330000000000435, double 0x43300000000003FF
  %v5 = bitcast double %v3 to i64
  %v6 = add i64 %v5, 2638147582215219
  %v7 = lshr i64 %v6, 52
  %v8 = or i64 %v7, 4841369599423283200
  %v9 = bitcast i64 %v8 to double
  %k = fsub double %v9, %v4
  %v10 = and i64 %v6, 4503599627370495
  %v11 = add i64 %v10, 4604544271217802189
  %m = bitcast i64 %v11 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v12 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v12
  %v13 = fmul double %s, %s
  %v14 = fmul double %v13, %v13
  %v15 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v14, double 0x3FC745CDE37CD3BB)
  %v16 = call double @llvm.fma.f64(double %v15, double %v14, double 0x3FD249249242B441)
  %v17 = call double @llvm.fma.f64(double %v16, double %v14, double 0x3FE5555555555555)
  %v18 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v14, double 0x3FC3B20AB201326C)
  %v19 = call double @llvm.fma.f64(double %v18, double %v14, double 0x3FCC71C7258F83E0)
  %v20 = call double @llvm.fma.f64(double %v19, double %v14, double 0x3FD9999999999DFF)
  %v21 = call double @llvm.fma.f64(double %v20, double %v13, double %v17)
  %v22 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v22, %f
  %v23 = fneg double %sq
  %v24 = call double @llvm.fma.f64(double %v22, double %f, double %v23)
  %h = fsub double %f, %sq
  %v25 = fsub double %f, %h
  %v26 = fsub double %v25, %sq
  %v27 = fsub double %v26, %v24
  %v28 = call double @llvm.fma.f64(double %v13, double %v21, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v28, double %v27)
  %p = fmul double %h, 0x3FF71547652B82FE
  %v29 = fneg double %p
  %v30 = call double @llvm.fma.f64(double %h, double 0x3FF71547652B82FE, double %v29)
  %v31 = fmul double %h, 0x3C7777D0FFDA0D24
  %v32 = call double @llvm.fma.f64(double %l, double 0x3FF71547652B82FE, double %v31)
  %v33 = fadd double %v30, %v32
  %v34 = fadd double %k, %p
  %v35 = fsub double %k, %v34
  %v36 = fadd double %v35, %p
  %v37 = fadd double %v36, %v33
  %v38 = fadd double %v34, %v37
  %v39 = fcmp oeq double %x, 0x0000000000000000
  %v40 = select i1 %v39, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v41 = fcmp ogt double %x, 0x0000000000000000
  %v42 = fcmp olt double %x, 0x7FF0000000000000
  %v43 = select i1 %v42, double %v38, double %x
  %v44 = select i1 %v41, double %v43, double %v40
  ret double %v44
}

; log10 x = k log10(2) + (h + l) / ln(10.0) in double-double, h + l = log m as in log.
define internal double @mc.log10.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = fcmp olt double %x, 0x0010000000000000
  %v2 = fmul double %x, 0x4350000000000000
  %v3 = select i1 %v1, double %v2, double %x
  %v4 = select i1 %v1, double 0x4330000000000435, double 0x43300000000003FF
  %v5 = bitcast double %v3 to i64
  %v6 = add i64 %v5, 2638147582215219
  %v7 = lshr i64 %v6, 52
  %v8 = or i64 %v7, 4841369599423283200
  %v9 = bitcast i64 %v8 to double
  %k = fsub double %v9, %v4
  %v10 = and i64 %v6, 4503599627370495
  %v11 = add i64 %v10, 4604544271217802189
  %m = bitcast i64 %v11 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v12 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v12
  %v13 = fmul double %s, %s
  %v14 = fmul double %v13, %v13
  %v15 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v14, double 0x3FC745CDE37CD3BB)
  %v16 = call double @llvm.fma.f64(double %v15, double %v14, double 0x3FD249249242B441)
  %v17 = call double @llvm.fma.f64(double %v16, double %v14, double 0x3FE5555555555555)
  %v18 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v14, double 0x3FC3B20AB201326C)
  %v19 = call double @llvm.fma.f64(double %v18, double %v14, double 0x3FCC71C7258F83E0)
  %v20 = call double @llvm.fma.f64(double %v19, double %v14, double 0x3FD9999999999DFF)
  %v21 = call double @llvm.fma.f64(double %v20, double %v13, double %v17)
  %v22 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v22, %f
  %v23 = fneg double %sq
  %v24 = call double @llvm.fma.f64(double %v22, double %f, double %v23)
  %h = fsub double %f, %sq
  %v25 = fsub double %f, %h
  %v26 = fsub double %v25, %sq
  %v27 = fsub double %v26, %v24
  %v28 = call double @llvm.fma.f64(double %v13, double %v21, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v28, double %v27)
  %p = fmul double %h, 0x3FDBCB7B1526E50E
  %v29 = fneg double %p
  %v30 = call double @llvm.fma.f64(double %h, double 0x3FDBCB7B1526E50E, double %v29)
  %v31 = fmul double %h, 0x3C695355BAAAFAD3
  %v32 = call double @llvm.fma.f64(double %l, double 0x3FDBCB7B1526E50E, double %v31)
  %v33 = fadd double %v30, %v32
  %v34 = fmul double %k, 0x3FD34413509F7800
  %v35 = fadd double %v34, %p
  %v36 = fsub double %v34, %v35
  %v37 = fadd double %v36, %p
  %v38 = call double @llvm.fma.f64(double %k, double 0x3D1FEF311F12B358, double %v33)
  %v39 = fadd double %v37, %v38
  %v40 = fadd double %v35, %v39
  %v41 = fcmp oeq double %x, 0x0000000000000000
  %v42 = select i1 %v41, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v43 = fcmp ogt double %x, 0x0000000000000000
  %v44 = fcmp olt double %x, 0x7FF0000000000000
  %v45 = select i1 %v44, double %v40, double %x
  %v46 = select i1 %v43, double %v45, double %v42
  ret double %v46
}

; log(1+x): u + c = 1 + x exactly, log(u) as in log plus c/u.
define internal double @mc.log1p.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %u = fadd double %x, 0x3FF0000000000000
  %v1 = fsub double %u, 0x3FF0000000000000
  %v2 = fsub double %u, %v1
  %v3 = fsub double 0x3FF0000000000000, %v2
  %v4 = fsub double %x, %v1
  %c = fadd double %v3, %v4
  %v5 = bitcast double %u to i64
  %v6 = add i64 %v5, 2638147582215219
  %v7 = lshr i64 %v6, 52
  %v8 = or i64 %v7, 4841369599423283200
  %v9 = bitcast i64 %v8 to double
  %k = fsub double %v9, 0x43300000000003FF
  %v10 = and i64 %v6, 4503599627370495
  %v11 = add i64 %v10, 4604544271217802189
  %m = bitcast i64 %v11 to double
  ; c 2^-k / m, 1/m by a few terms of its series around 1 (c is below half an ulp of u)
  %v12 = fcmp ogt double %k, 0x408F400000000000
  %v13 = select i1 %v12, double 0x408F400000000000, double %k
  %v14 = fsub double 0x43380000000003FF, %v13
  %v15 = bitcast double %v14 to i64
  %v16 = shl i64 %v15, 52
  %v17 = bitcast i64 %v16 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v18 = fadd double %f, 0x4000000000000000
  %s = fdiv double %f, %v18
  %v19 = fmul double %s, %s
  %v20 = fmul double %v19, %v19
  %v21 = call double @llvm.fma.f64(double 0x3FC0F5CD3F5E738E, double %v20, double 0x3FC745CDE37CD3BB)
  %v22 = call double @llvm.fma.f64(double %v21, double %v20, double 0x3FD249249242B441)
  %v23 = call double @llvm.fma.f64(double %v22, double %v20, double 0x3FE5555555555555)
  %v24 = call double @llvm.fma.f64(double 0x3FC0F62A61F87709, double %v20, double 0x3FC3B20AB201326C)
  %v25 = call double @llvm.fma.f64(double %v24, double %v20, double 0x3FCC71C7258F83E0)
  %v26 = call double @llvm.fma.f64(double %v25, double %v20, double 0x3FD9999999999DFF)
  %v27 = call double @llvm.fma.f64(double %v26, double %v19, double %v23)
  %v28 = fmul double %f, 0x3FE0000000000000
  %sq = fmul double %v28, %f
  %v29 = fneg double %sq
  %v30 = call double @llvm.fma.f64(double %v28, double %f, double %v29)
  %h = fsub double %f, %sq
  %v31 = fsub double %f, %h
  %v32 = fsub double %v31, %sq
  %v33 = fsub double %v32, %v30
  %v34 = call double @llvm.fma.f64(double %v19, double %v27, double %sq)
  %l = call double @llvm.fma.f64(double %s, double %v34, double %v33)
  %v35 = fsub double %m, 0x3FF0000000000000
  %v36 = fmul double %v35, %v35
  %v37 = call double @llvm.fma.f64(double 0xBFF1D5F8FC1291FE, double %v36, double 0xBFEFEC63A5041CB0)
  %v38 = call double @llvm.fma.f64(double 0x3FEBD858D4853ACF, double %v36, double 0x3FF03E8ABFC06920)
  %v39 = call double @llvm.fma.f64(double %v38, double %v35, double %v37)
  %v40 = call double @llvm.fma.f64(double %v35, double %v39, double 0x3FF0000000000000)
  %v41 = fmul double %c, %v17
  %v42 = call double @llvm.fma.f64(double %v41, double %v40, double %l)
  %v43 = fmul double %k, 0x3FE62E42FEFA3800
  %v44 = fadd double %v43, %h
  %v45 = fsub double %v43, %v44
  %v46 = fadd double %v45, %h
  %v47 = call double @llvm.fma.f64(double %k, double 0x3D2EF35793C76730, double %v42)
  %v48 = fadd double %v46, %v47
  %v49 = fadd double %v44, %v48
  %v50 = fcmp oeq double %x, 0xBFF0000000000000
  %v51 = select i1 %v50, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v52 = fcmp ogt double %x, 0xBFF0000000000000
  %v53 = fcmp olt double %x, 0x7FF0000000000000
  %v54 = select i1 %v53, double %v49, double %x
  %v55 = select i1 %v52, double %v54, double %v51
  %v56 = call double @llvm.fabs.f64(double %x)
  %v57 = fcmp olt double %v56, 0x3C90000000000000
  %v58 = select i1 %v57, double %x, double %v55
  ret double %v58
}

; log x of float, in double arithmetic without a division: f p(f), f = m - 1.
define internal float @mc.log.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = bitcast double %xd to i64
  %v2 = add i64 %v1, 2638147582215219
  %v3 = lshr i64 %v2, 52
  %v4 = or i64 %v3, 4841369599423283200
  %v5 = bitcast i64 %v4 to double
  %k = fsub double %v5, 0x43300000000003FF
  %v6 = and i64 %v2, 4503599627370495
  %v7 = add i64 %v6, 4604544271217802189
  %m = bitcast i64 %v7 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v8 = fmul double %f, %f
  %v9 = call double @llvm.fma.f64(double 0x3FB7CA1B84CAE278, double %v8, double 0x3FB70B5A2B99E5C2)
  %v10 = call double @llvm.fma.f64(double %v9, double %v8, double 0x3FBC6FE04D9784BE)
  %v11 = call double @llvm.fma.f64(double %v10, double %v8, double 0x3FC24946DD51BE17)
  %v12 = call double @llvm.fma.f64(double %v11, double %v8, double 0x3FC999989CD99F81)
  %v13 = call double @llvm.fma.f64(double %v12, double %v8, double 0x3FD55555566FAF2A)
  %v14 = call double @llvm.fma.f64(double %v13, double %v8, double 0x3FEFFFFFFFFFD220)
  %v15 = call double @llvm.fma.f64(double 0xBFA9731A10888EC3, double %v8, double 0xBFB7D8FAC36735CF)
  %v16 = call double @llvm.fma.f64(double %v15, double %v8, double 0xBFB948597C1DEEBA)
  %v17 = call double @llvm.fma.f64(double %v16, double %v8, double 0xBFC0025AA80303BD)
  %v18 = call double @llvm.fma.f64(double %v17, double %v8, double 0xBFC555444FDC996A)
  %v19 = call double @llvm.fma.f64(double %v18, double %v8, double 0xBFD000001AF4057C)
  %v20 = call double @llvm.fma.f64(double %v19, double %v8, double 0xBFDFFFFFFFE6D7B9)
  %v21 = call double @llvm.fma.f64(double %v20, double %f, double %v14)
  %v22 = fmul double %f, %v21
  %v23 = call double @llvm.fma.f64(double %k, double 0x3FE62E42FEFA39EF, double %v22)
  %v24 = fcmp oeq double %xd, 0x0000000000000000
  %v25 = select i1 %v24, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v26 = fcmp ogt double %xd, 0x0000000000000000
  %v27 = fcmp olt double %xd, 0x7FF0000000000000
  %v28 = select i1 %v27, double %v23, double %xd
  %v29 = select i1 %v26, double %v28, double %v25
  %v30 = fptrunc double %v29 to float
  ret float %v30
}

; log2 x of float.
define internal float @mc.log2.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = bitcast double %xd to i64
  %v2 = add i64 %v1, 2638147582215219
  %v3 = lshr i64 %v2, 52
  %v4 = or i64 %v3, 4841369599423283200
  %v5 = bitcast i64 %v4 to double
  %k = fsub double %v5, 0x43300000000003FF
  %v6 = and i64 %v2, 4503599627370495
  %v7 = add i64 %v6, 4604544271217802189
  %m = bitcast i64 %v7 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v8 = fmul double %f, %f
  %v9 = call double @llvm.fma.f64(double 0x3FC129157D24465F, double %v8, double 0x3FC09F7BAC8E7510)
  %v10 = call double @llvm.fma.f64(double %v9, double %v8, double 0x3FC48352151945B2)
  %v11 = call double @llvm.fma.f64(double %v10, double %v8, double 0x3FCA61A7A3F2BC9F)
  %v12 = call double @llvm.fma.f64(double %v11, double %v8, double 0x3FD2776B9A9D8E57)
  %v13 = call double @llvm.fma.f64(double %v12, double %v8, double 0x3FDEC709DDD15CA1)
  %v14 = call double @llvm.fma.f64(double %v13, double %v8, double 0x3FF71547652B61E6)
  %v15 = call double @llvm.fma.f64(double 0xBFB25BA70CD4BA06, double %v8, double 0xBFC133CFD5D4109E)
  %v16 = call double @llvm.fma.f64(double %v15, double %v8, double 0xBFC23CD034643DC3)
  %v17 = call double @llvm.fma.f64(double %v16, double %v8, double 0xBFC718ACD82D888C)
  %v18 = call double @llvm.fma.f64(double %v17, double %v8, double 0xBFCEC6F14DB9537C)
  %v19 = call double @llvm.fma.f64(double %v18, double %v8, double 0xBFD715478C0E236D)
  %v20 = call double @llvm.fma.f64(double %v19, double %v8, double 0xBFE7154765195D51)
  %v21 = call double @llvm.fma.f64(double %v20, double %f, double %v14)
  %v22 = fmul double %f, %v21
  %v23 = call double @llvm.fma.f64(double %k, double 0x3FF0000000000000, double %v22)
  %v24 = fcmp oeq double %xd, 0x0000000000000000
  %v25 = select i1 %v24, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v26 = fcmp ogt double %xd, 0x0000000000000000
  %v27 = fcmp olt double %xd, 0x7FF0000000000000
  %v28 = select i1 %v27, double %v23, double %xd
  %v29 = select i1 %v26, double %v28, double %v25
  %v30 = fptrunc double %v29 to float
  ret float %v30
}

; log10 x of float.
define internal float @mc.log10.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %v1 = bitcast double %xd to i64
  %v2 = add i64 %v1, 2638147582215219
  %v3 = lshr i64 %v2, 52
  %v4 = or i64 %v3, 4841369599423283200
  %v5 = bitcast i64 %v4 to double
  %k = fsub double %v5, 0x43300000000003FF
  %v6 = and i64 %v2, 4503599627370495
  %v7 = add i64 %v6, 4604544271217802189
  %m = bitcast i64 %v7 to double
  %f = fsub double %m, 0x3FF0000000000000
  %v8 = fmul double %f, %f
  %v9 = call double @llvm.fma.f64(double 0x3FA4A9CCD730E8E6, double %v8, double 0x3FA4041CBBAC7F58)
  %v10 = call double @llvm.fma.f64(double %v9, double %v8, double 0x3FA8B3385936370B)
  %v11 = call double @llvm.fma.f64(double %v10, double %v8, double 0x3FAFC435F40F541B)
  %v12 = call double @llvm.fma.f64(double %v11, double %v8, double 0x3FB63C619BC927D0)
  %v13 = call double @llvm.fma.f64(double %v12, double %v8, double 0x3FC287A764648292)
  %v14 = call double @llvm.fma.f64(double %v13, double %v8, double 0x3FDBCB7B1526BD35)
  %v15 = call double @llvm.fma.f64(double 0xBF961AF20E8AC240, double %v8, double 0xBFA4B6B7C56DEC26)
  %v16 = call double @llvm.fma.f64(double %v15, double %v8, double 0xBFA5F5CFB732C9FF)
  %v17 = call double @llvm.fma.f64(double %v16, double %v8, double 0xBFABCF9200FBA9EA)
  %v18 = call double @llvm.fma.f64(double %v17, double %v8, double 0xBFB287989A9536A0)
  %v19 = call double @llvm.fma.f64(double %v18, double %v8, double 0xBFBBCB7B43F975AD)
  %v20 = call double @llvm.fma.f64(double %v19, double %v8, double 0xBFCBCB7B15110B1A)
  %v21 = call double @llvm.fma.f64(double %v20, double %f, double %v14)
  %v22 = fmul double %f, %v21
  %v23 = call double @llvm.fma.f64(double %k, double 0x3FD34413509F79FF, double %v22)
  %v24 = fcmp oeq double %xd, 0x0000000000000000
  %v25 = select i1 %v24, double 0xFFF0000000000000, double 0x7FF8000000000000
  %v26 = fcmp ogt double %xd, 0x0000000000000000
  %v27 = fcmp olt double %xd, 0x7FF0000000000000
  %v28 = select i1 %v27, double %v23, double %xd
  %v29 = select i1 %v26, double %v28, double %v25
  %v30 = fptrunc double %v29 to float
  ret float %v30
}

; log1p of float: the double function, rounded.
define internal float @mc.log1p.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.log1p.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}
