; Powers: pow.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; x^y = e^(y log|x|) with the logarithm to about 2^-66 in double-double: s = f/(2+f), log m = 2s + s^3 (2/3 + z p(z)), z = s^2
; (the method of fdlibm's e_pow.c; fma and no table). Then C's special cases.
define internal double @mc.pow.f64(double %x, double %y) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp olt double %v1, 0x0010000000000000
  %v3 = fmul double %v1, 0x4350000000000000
  %v4 = select i1 %v2, double %v3, double %v1
  %v5 = select i1 %v2, double 0x4330000000000435, double 0x43300000000003FF
  %v6 = bitcast double %v4 to i64
  %v7 = add i64 %v6, 2638147582215219
  %v8 = lshr i64 %v7, 52
  %v9 = or i64 %v8, 4841369599423283200
  %v10 = bitcast i64 %v9 to double
  %k = fsub double %v10, %v5
  %v11 = and i64 %v7, 4503599627370495
  %v12 = add i64 %v11, 4604544271217802189
  %m = bitcast i64 %v12 to double
  %f = fsub double %m, 0x3FF0000000000000
  %d = fadd double %f, 0x4000000000000000
  %v13 = fsub double %d, 0x4000000000000000
  %v14 = fsub double %f, %v13
  %rc = fdiv double 0x3FF0000000000000, %d
  %s = fmul double %f, %rc
  %v15 = fneg double %s
  %v16 = fneg double %s
  %v17 = call double @llvm.fma.f64(double %v16, double %d, double %f)
  %v18 = call double @llvm.fma.f64(double %v15, double %v14, double %v17)
  %sl = fmul double %v18, %rc
  %z = fmul double %s, %s
  %v19 = fmul double %s, 0x4000000000000000
  %v20 = fneg double %z
  %v21 = call double @llvm.fma.f64(double %s, double %s, double %v20)
  %v22 = call double @llvm.fma.f64(double %v19, double %sl, double %v21)
  %v23 = fmul double %z, %z
  %v24 = call double @llvm.fma.f64(double 0x3FBDE33B800E2A19, double %v23, double 0x3FC3B1362C35F9D8)
  %v25 = call double @llvm.fma.f64(double %v24, double %v23, double 0x3FCC71C71C580E5F)
  %v26 = call double @llvm.fma.f64(double %v25, double %v23, double 0x3FD9999999999996)
  %v27 = call double @llvm.fma.f64(double 0x3FBEB0EEE41232D6, double %v23, double 0x3FC1120B3C38D1DB)
  %v28 = call double @llvm.fma.f64(double %v27, double %v23, double 0x3FC745D18321C5E9)
  %v29 = call double @llvm.fma.f64(double %v28, double %v23, double 0x3FD2492492493030)
  %v30 = call double @llvm.fma.f64(double %v29, double %z, double %v26)
  %ch = call double @llvm.fma.f64(double %z, double %v30, double 0x3FE5555555555555)
  %v31 = fsub double 0x3FE5555555555555, %ch
  %v32 = call double @llvm.fma.f64(double %z, double %v30, double %v31)
  %v33 = fadd double %v32, 0x3C85555555555555
  %w = fmul double %s, %z
  %v34 = fneg double %w
  %v35 = call double @llvm.fma.f64(double %s, double %z, double %v34)
  %v36 = call double @llvm.fma.f64(double %sl, double %z, double %v35)
  %v37 = call double @llvm.fma.f64(double %s, double %v22, double %v36)
  %t = fmul double %w, %ch
  %v38 = fneg double %t
  %v39 = call double @llvm.fma.f64(double %w, double %ch, double %v38)
  %v40 = call double @llvm.fma.f64(double %w, double %v33, double %v39)
  %v41 = call double @llvm.fma.f64(double %v37, double %ch, double %v40)
  %v42 = fmul double %s, 0x4000000000000000
  %v43 = fadd double %v42, %t
  %v44 = fsub double %v42, %v43
  %v45 = fadd double %v44, %t
  %v46 = call double @llvm.fma.f64(double %sl, double 0x4000000000000000, double %v41)
  %v47 = fadd double %v45, %v46
  ; k ln2 + log m
  %v48 = fmul double %k, 0x3FE62E42FEFA3800
  %v49 = fadd double %v48, %v43
  %v50 = fsub double %v48, %v49
  %v51 = fadd double %v50, %v43
  %v52 = call double @llvm.fma.f64(double %k, double 0x3D2EF35793C76730, double %v47)
  %v53 = fadd double %v51, %v52
  %L = fadd double %v49, %v53
  %v54 = fsub double %v49, %L
  %v55 = fadd double %v54, %v53
  ; y log|x|, and e to that
  %p = fmul double %y, %L
  %v56 = fneg double %p
  %v57 = call double @llvm.fma.f64(double %y, double %L, double %v56)
  %v58 = call double @llvm.fma.f64(double %y, double %v55, double %v57)
  %v59 = call double @llvm.fabs.f64(double %p)
  %v60 = fcmp ogt double %v59, 0x4089000000000000
  %v61 = fcmp ogt double %p, 0x4089000000000000
  %v62 = select i1 %v61, double 0x4089000000000000, double %p
  %v63 = fcmp olt double %v62, 0xC089000000000000
  %v64 = select i1 %v63, double 0xC089000000000000, double %v62
  %v65 = select i1 %v60, double 0x0000000000000000, double %v58
  %v66 = call double @llvm.fma.f64(double %v64, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v66, 0x4338000000000000
  ; r + rl = x - n ln2 (Cody and Waite)
  %v67 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v64)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v67)
  %v68 = fsub double %v67, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v68)
  %v69 = fadd double %rl, %v65
  %v70 = fadd double %r, %v69
  %v71 = fsub double %r, %v70
  %v72 = fadd double %v71, %v69
  ; e^r - 1 - r = r^2 q(r)
  %v73 = fmul double %v70, %v70
  %v74 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v73, double 0x3EFA0199A2480DA7)
  %v75 = call double @llvm.fma.f64(double %v74, double %v73, double 0x3F56C16C1841DC11)
  %v76 = call double @llvm.fma.f64(double %v75, double %v73, double 0x3FA55555555508D1)
  %v77 = call double @llvm.fma.f64(double %v76, double %v73, double 0x3FE0000000000009)
  %v78 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v73, double 0x3EC71DF259E35C70)
  %v79 = call double @llvm.fma.f64(double %v78, double %v73, double 0x3F2A01A012A1801D)
  %v80 = call double @llvm.fma.f64(double %v79, double %v73, double 0x3F81111111127D0E)
  %v81 = call double @llvm.fma.f64(double %v80, double %v73, double 0x3FC55555555554F9)
  %v82 = call double @llvm.fma.f64(double %v81, double %v70, double %v77)
  %v83 = fmul double %v70, %v70
  %lo = call double @llvm.fma.f64(double %v83, double %v82, double %v72)
  %v84 = fadd double %v70, %lo
  %p.2 = fadd double 0x3FF0000000000000, %v84
  ; times 2^n in two factors
  %v85 = call double @llvm.fma.f64(double %n, double 0x3FE0000000000000, double 0x43380000000003FF)
  %v86 = fsub double %v85, 0x43380000000003FF
  %v87 = fsub double %n, %v86
  %v88 = fadd double %v87, 0x43380000000003FF
  %v89 = bitcast double %v85 to i64
  %v90 = shl i64 %v89, 52
  %v91 = bitcast i64 %v90 to double
  %v92 = fmul double %p.2, %v91
  %v93 = bitcast double %v88 to i64
  %v94 = shl i64 %v93, 52
  %v95 = bitcast i64 %v94 to double
  %v96 = fmul double %v92, %v95
  ; special cases
  %v97 = fcmp olt double %y, 0x0000000000000000
  %v98 = fcmp oeq double %v1, 0x0000000000000000
  %v99 = select i1 %v97, double 0x7FF0000000000000, double 0x0000000000000000
  %v100 = select i1 %v98, double %v99, double %v96
  %v101 = fcmp oeq double %v1, 0x7FF0000000000000
  %v102 = select i1 %v97, double 0x0000000000000000, double 0x7FF0000000000000
  %v103 = select i1 %v101, double %v102, double %v100
  %v104 = fcmp oeq double %v1, 0x3FF0000000000000
  %v105 = select i1 %v104, double 0x3FF0000000000000, double %v103
  %v106 = call double @llvm.floor.f64(double %y)
  %v107 = fcmp oeq double %v106, %y
  %v108 = fmul double %y, 0x3FE0000000000000
  %v109 = call double @llvm.floor.f64(double %v108)
  %v110 = fcmp une double %v109, %v108
  %v111 = and i1 %v107, %v110
  %v112 = bitcast double %x to i64
  %v113 = and i64 %v112, -9223372036854775808
  %v114 = select i1 %v111, i64 %v113, i64 0
  %v115 = bitcast double %v105 to i64
  %v116 = or i64 %v115, %v114
  %v117 = bitcast i64 %v116 to double
  %v118 = xor i1 %v107, true
  %v119 = fcmp olt double %x, 0x0000000000000000
  %v120 = fcmp olt double %v1, 0x7FF0000000000000
  %v121 = and i1 %v119, %v120
  %v122 = and i1 %v121, %v118
  %v123 = select i1 %v122, double 0x7FF8000000000000, double %v117
  %v124 = fcmp uno double %x, %y
  %v125 = select i1 %v124, double 0x7FF8000000000000, double %v123
  %v126 = fcmp oeq double %y, 0x0000000000000000
  %v127 = fcmp oeq double %x, 0x3FF0000000000000
  %v128 = or i1 %v126, %v127
  %v129 = select i1 %v128, double 0x3FF0000000000000, double %v125
  ret double %v129
}

; pow of float: the double function, rounded.
define internal float @mc.pow.f32(float %x, float %y) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %yd = fpext float %y to double
  %d = call double @mc.pow.f64(double %xd, double %yd)
  %r = fptrunc double %d to float
  ret float %r
}
