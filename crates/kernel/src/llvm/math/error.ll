; Error functions: erf erfc.
; Written by gen.py; polynomials by remez.py (mpmath). Branch-free, so that LLVM inlines and vectorises them.
; llvm.* intrinsics are declared in intrinsics.ll.

; erf x = x + x p(x^2) for |x| < 1; 1 - e^(-x^2) g((|x|-3)/(|x|+3)) beyond, to 6.
define internal double @mc.erf.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x4018000000000000
  %v3 = select i1 %v2, double 0x4018000000000000, double %v1
  %v4 = fmul double %x, %x
  %v5 = fmul double %v4, %v4
  %v6 = call double @llvm.fma.f64(double 0x3DD05847AADE5BE6, double %v5, double 0x3E4F7A58955AE75D)
  %v7 = call double @llvm.fma.f64(double %v6, double %v5, double 0x3EBB9DEF66A821AD)
  %v8 = call double @llvm.fma.f64(double %v7, double %v5, double 0x3F1F9A321A737C7E)
  %v9 = call double @llvm.fma.f64(double %v8, double %v5, double 0x3F7565BCD0DB1BE3)
  %v10 = call double @llvm.fma.f64(double %v9, double %v5, double 0x3FBCE2F21A042B24)
  %v11 = call double @llvm.fma.f64(double %v10, double %v5, double 0x3FC06EBA8214DB69)
  %v12 = call double @llvm.fma.f64(double 0xBE1386EFEE4933E0, double %v5, double 0xBE85F1D5C41CEFB1)
  %v13 = call double @llvm.fma.f64(double %v12, double %v5, double 0xBEEF4D1DFA26E863)
  %v14 = call double @llvm.fma.f64(double %v13, double %v5, double 0xBF4C02DB3D92A2DC)
  %v15 = call double @llvm.fma.f64(double %v14, double %v5, double 0xBF9B82CE31284A68)
  %v16 = call double @llvm.fma.f64(double %v15, double %v5, double 0xBFD812746B0379E6)
  %v17 = call double @llvm.fma.f64(double %v16, double %v4, double %v11)
  %v18 = call double @llvm.fma.f64(double %v1, double %v17, double %v1)
  %v19 = fsub double %v3, 0x4008000000000000
  %v20 = fadd double %v3, 0x4008000000000000
  %t = fdiv double %v19, %v20
  %v21 = fmul double %t, %t
  %v22 = call double @llvm.fma.f64(double 0xBE775B8D96F53E2E, double %v21, double 0x3EBAA37F28FAF2FC)
  %v23 = call double @llvm.fma.f64(double %v22, double %v21, double 0xBEE09ECCFE6435D5)
  %v24 = call double @llvm.fma.f64(double %v23, double %v21, double 0x3F10CA544E1B7C5C)
  %v25 = call double @llvm.fma.f64(double %v24, double %v21, double 0xBF439085A6C17F82)
  %v26 = call double @llvm.fma.f64(double %v25, double %v21, double 0x3F717C838F78396D)
  %v27 = call double @llvm.fma.f64(double %v26, double %v21, double 0x3FB258B13B01955D)
  %v28 = call double @llvm.fma.f64(double %v27, double %v21, double 0x3FCF6FF204105966)
  %v29 = call double @llvm.fma.f64(double %v28, double %v21, double 0x3FC6E9827D229D2D)
  %v30 = call double @llvm.fma.f64(double 0x3E65FC977D28684E, double %v21, double 0x3EC35A3204AD03B9)
  %v31 = call double @llvm.fma.f64(double %v30, double %v21, double 0xBEEAF8C447006A91)
  %v32 = call double @llvm.fma.f64(double %v31, double %v21, double 0x3F07B9BC3EEBC2D7)
  %v33 = call double @llvm.fma.f64(double %v32, double %v21, double 0x3F473101E15089FD)
  %v34 = call double @llvm.fma.f64(double %v33, double %v21, double 0xBF98FA58EB5702AC)
  %v35 = call double @llvm.fma.f64(double %v34, double %v21, double 0xBFC336FFBEF08B6F)
  %v36 = call double @llvm.fma.f64(double %v35, double %v21, double 0xBFD4E102B9CF8513)
  %g = call double @llvm.fma.f64(double %v36, double %t, double %v29)
  %h = fmul double %v3, %v3
  %v37 = fneg double %h
  %v38 = call double @llvm.fma.f64(double %v3, double %v3, double %v37)
  %v39 = fneg double %h
  %v40 = fneg double %v38
  %v41 = call double @llvm.fma.f64(double %v39, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v41, 0x4338000000000000
  ; r + rl = x - n ln2 (Cody and Waite)
  %v42 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v39)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v42)
  %v43 = fsub double %v42, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v43)
  %v44 = fadd double %rl, %v40
  %v45 = fadd double %r, %v44
  %v46 = fsub double %r, %v45
  %v47 = fadd double %v46, %v44
  ; e^r - 1 - r = r^2 q(r)
  %v48 = fmul double %v45, %v45
  %v49 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v48, double 0x3EFA0199A2480DA7)
  %v50 = call double @llvm.fma.f64(double %v49, double %v48, double 0x3F56C16C1841DC11)
  %v51 = call double @llvm.fma.f64(double %v50, double %v48, double 0x3FA55555555508D1)
  %v52 = call double @llvm.fma.f64(double %v51, double %v48, double 0x3FE0000000000009)
  %v53 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v48, double 0x3EC71DF259E35C70)
  %v54 = call double @llvm.fma.f64(double %v53, double %v48, double 0x3F2A01A012A1801D)
  %v55 = call double @llvm.fma.f64(double %v54, double %v48, double 0x3F81111111127D0E)
  %v56 = call double @llvm.fma.f64(double %v55, double %v48, double 0x3FC55555555554F9)
  %v57 = call double @llvm.fma.f64(double %v56, double %v45, double %v52)
  %v58 = fmul double %v45, %v45
  %lo = call double @llvm.fma.f64(double %v58, double %v57, double %v47)
  ; e^(-a^2) is scaled after the product
  %v59 = fadd double %v45, %lo
  %v60 = fadd double 0x3FF0000000000000, %v59
  %v61 = fadd double %n, 0x43380000000003FF
  %v62 = bitcast double %v61 to i64
  %v63 = shl i64 %v62, 52
  %v64 = bitcast i64 %v63 to double
  %v65 = fmul double %v60, %v64
  %v66 = fneg double %v65
  %v67 = call double @llvm.fma.f64(double %v66, double %g, double 0x3FF0000000000000)
  %v68 = fcmp olt double %v1, 0x3FF0000000000000
  %v69 = select i1 %v68, double %v18, double %v67
  %v70 = call double @llvm.copysign.f64(double %v69, double %x)
  ret double %v70
}

; erfc x = 1 - erf x for |x| < 1/2 or so; e^(-x^2) g((|x|-3)/(|x|+3)) to 28; 2 - that for negative x.
define internal double @mc.erfc.f64(double %x) alwaysinline nounwind willreturn memory(none) {
  %v1 = call double @llvm.fabs.f64(double %x)
  %v2 = fcmp ogt double %v1, 0x403C000000000000
  %v3 = select i1 %v2, double 0x403C000000000000, double %v1
  %v4 = fmul double %x, %x
  %v5 = fmul double %v4, %v4
  %v6 = call double @llvm.fma.f64(double 0x3DD05847AADE5BE6, double %v5, double 0x3E4F7A58955AE75D)
  %v7 = call double @llvm.fma.f64(double %v6, double %v5, double 0x3EBB9DEF66A821AD)
  %v8 = call double @llvm.fma.f64(double %v7, double %v5, double 0x3F1F9A321A737C7E)
  %v9 = call double @llvm.fma.f64(double %v8, double %v5, double 0x3F7565BCD0DB1BE3)
  %v10 = call double @llvm.fma.f64(double %v9, double %v5, double 0x3FBCE2F21A042B24)
  %v11 = call double @llvm.fma.f64(double %v10, double %v5, double 0x3FC06EBA8214DB69)
  %v12 = call double @llvm.fma.f64(double 0xBE1386EFEE4933E0, double %v5, double 0xBE85F1D5C41CEFB1)
  %v13 = call double @llvm.fma.f64(double %v12, double %v5, double 0xBEEF4D1DFA26E863)
  %v14 = call double @llvm.fma.f64(double %v13, double %v5, double 0xBF4C02DB3D92A2DC)
  %v15 = call double @llvm.fma.f64(double %v14, double %v5, double 0xBF9B82CE31284A68)
  %v16 = call double @llvm.fma.f64(double %v15, double %v5, double 0xBFD812746B0379E6)
  %v17 = call double @llvm.fma.f64(double %v16, double %v4, double %v11)
  %v18 = call double @llvm.fma.f64(double %x, double %v17, double %x)
  %v19 = fadd double %v3, 0x400E000000000000
  %v20 = fsub double %v19, %v3
  %v21 = fsub double %v19, %v20
  %v22 = fsub double %v3, %v21
  %v23 = fsub double 0x400E000000000000, %v20
  %v24 = fadd double %v22, %v23
  %rc = fdiv double 0x3FF0000000000000, %v19
  %v25 = fadd double %v3, 0xC00E000000000000
  %v26 = fsub double %v25, %v3
  %v27 = fsub double %v25, %v26
  %v28 = fsub double %v3, %v27
  %v29 = fsub double 0xC00E000000000000, %v26
  %v30 = fadd double %v28, %v29
  %v31 = fmul double %v25, %rc
  %v32 = fneg double %v31
  %v33 = call double @llvm.fma.f64(double %v32, double %v24, double %v30)
  %v34 = fneg double %v31
  %v35 = call double @llvm.fma.f64(double %v34, double %v19, double %v25)
  %v36 = fadd double %v33, %v35
  %t = call double @llvm.fma.f64(double %v36, double %rc, double %v31)
  %v37 = fmul double %t, %t
  %v38 = call double @llvm.fma.f64(double 0x3E22F56C50544F82, double %v37, double 0xBE5B54B4C52C5C6D)
  %v39 = call double @llvm.fma.f64(double %v38, double %v37, double 0x3E92B2D61FC6F3B3)
  %v40 = call double @llvm.fma.f64(double %v39, double %v37, double 0xBECB969E137426B8)
  %v41 = call double @llvm.fma.f64(double %v40, double %v37, double 0x3F03A556353A120E)
  %v42 = call double @llvm.fma.f64(double %v41, double %v37, double 0xBF36D9529DD478E0)
  %v43 = call double @llvm.fma.f64(double %v42, double %v37, double 0x3F502900710BFC13)
  %v44 = call double @llvm.fma.f64(double %v43, double %v37, double 0x3FA92618B78C5119)
  %v45 = call double @llvm.fma.f64(double %v44, double %v37, double 0x3FD1DC271189E800)
  %v46 = call double @llvm.fma.f64(double 0xBE31D43048E0D407, double %v37, double 0x3E64E800AE04E098)
  %v47 = call double @llvm.fma.f64(double %v46, double %v37, double 0xBE91A4931AED536E)
  %v48 = call double @llvm.fma.f64(double %v47, double %v37, double 0x3EBBC7688ED93FD9)
  %v49 = call double @llvm.fma.f64(double %v48, double %v37, double 0xBEE2AC3C620B6684)
  %v50 = call double @llvm.fma.f64(double %v49, double %v37, double 0x3EE6379A741F48B3)
  %v51 = call double @llvm.fma.f64(double %v50, double %v37, double 0x3F4A0B759B3E8104)
  %v52 = call double @llvm.fma.f64(double %v51, double %v37, double 0xBF89AC6956697F38)
  %v53 = call double @llvm.fma.f64(double %v52, double %v37, double 0xBFC0E3EA224BD6C5)
  %v54 = call double @llvm.fma.f64(double %v53, double %t, double %v45)
  %v55 = call double @llvm.fma.f64(double %v54, double %t, double 0xBFDF63DD81196169)
  %v56 = call double @llvm.fma.f64(double %v55, double %t, double 0x3FE78FECB4E81AFB)
  ; h + hl = C0 + t (C1 + t Q), both sums with their errors
  %P = call double @llvm.fma.f64(double %t, double %v56, double 0xBFEEAE02D0A1456B)
  %v57 = fsub double 0xBFEEAE02D0A1456B, %P
  %v58 = call double @llvm.fma.f64(double %t, double %v56, double %v57)
  %v59 = fadd double %v58, 0x3C77BB8D21290935
  %h = call double @llvm.fma.f64(double %t, double %P, double 0x3FF178842825349D)
  %v60 = fsub double 0x3FF178842825349D, %h
  %v61 = call double @llvm.fma.f64(double %t, double %P, double %v60)
  %v62 = fadd double %v61, 0xBC9DA64566390B36
  %v63 = call double @llvm.fma.f64(double %t, double %v59, double %v62)
  ; 1/(a + K) is rc (1 + e)
  %v64 = fneg double %rc
  %v65 = fneg double %rc
  %v66 = call double @llvm.fma.f64(double %v65, double %v19, double 0x3FF0000000000000)
  %v67 = call double @llvm.fma.f64(double %v64, double %v24, double %v66)
  %q = fmul double %h, %rc
  %v68 = fneg double %q
  %v69 = call double @llvm.fma.f64(double %h, double %rc, double %v68)
  %v70 = call double @llvm.fma.f64(double %q, double %v67, double %v69)
  %v71 = call double @llvm.fma.f64(double %v63, double %rc, double %v70)
  %h2 = fmul double %v3, %v3
  %v72 = fneg double %h2
  %v73 = call double @llvm.fma.f64(double %v3, double %v3, double %v72)
  %v74 = fneg double %h2
  %v75 = fneg double %v73
  %v76 = call double @llvm.fma.f64(double %v74, double 0x3FF71547652B82FE, double 0x4338000000000000)
  %n = fsub double %v76, 0x4338000000000000
  ; r + rl = x - n ln2 (Cody and Waite)
  %v77 = call double @llvm.fma.f64(double %n, double 0xBFE62E42FEFA3800, double %v74)
  %r = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v77)
  %v78 = fsub double %v77, %r
  %rl = call double @llvm.fma.f64(double %n, double 0xBD2EF35793C76730, double %v78)
  %v79 = fadd double %rl, %v75
  %v80 = fadd double %r, %v79
  %v81 = fsub double %r, %v80
  %v82 = fadd double %v81, %v79
  ; e^r - 1 - r = r^2 q(r)
  %v83 = fmul double %v80, %v80
  %v84 = call double @llvm.fma.f64(double 0x3E928AD61E946BB9, double %v83, double 0x3EFA0199A2480DA7)
  %v85 = call double @llvm.fma.f64(double %v84, double %v83, double 0x3F56C16C1841DC11)
  %v86 = call double @llvm.fma.f64(double %v85, double %v83, double 0x3FA55555555508D1)
  %v87 = call double @llvm.fma.f64(double %v86, double %v83, double 0x3FE0000000000009)
  %v88 = call double @llvm.fma.f64(double 0x3E5AD7F4D47E2D01, double %v83, double 0x3EC71DF259E35C70)
  %v89 = call double @llvm.fma.f64(double %v88, double %v83, double 0x3F2A01A012A1801D)
  %v90 = call double @llvm.fma.f64(double %v89, double %v83, double 0x3F81111111127D0E)
  %v91 = call double @llvm.fma.f64(double %v90, double %v83, double 0x3FC55555555554F9)
  %v92 = call double @llvm.fma.f64(double %v91, double %v80, double %v87)
  %v93 = fmul double %v80, %v80
  %lo = call double @llvm.fma.f64(double %v93, double %v92, double %v82)
  ; (q + ql) (1 + r + lo) 2^n, in two factors
  %v94 = call double @llvm.fma.f64(double %q, double %v80, double %q)
  %v95 = fsub double %q, %v94
  %v96 = call double @llvm.fma.f64(double %q, double %v80, double %v95)
  %v97 = call double @llvm.fma.f64(double %v71, double %v80, double %v71)
  %v98 = call double @llvm.fma.f64(double %q, double %lo, double %v97)
  %v99 = fadd double %v96, %v98
  %v100 = fadd double %v94, %v99
  %v101 = call double @llvm.fma.f64(double %n, double 0x3FE0000000000000, double 0x43380000000003FF)
  %v102 = fsub double %v101, 0x43380000000003FF
  %v103 = fsub double %n, %v102
  %v104 = fadd double %v103, 0x43380000000003FF
  %v105 = bitcast double %v101 to i64
  %v106 = shl i64 %v105, 52
  %v107 = bitcast i64 %v106 to double
  %v108 = fmul double %v100, %v107
  %v109 = bitcast double %v104 to i64
  %v110 = shl i64 %v109, 52
  %v111 = bitcast i64 %v110 to double
  %v112 = fmul double %v108, %v111
  %v113 = fcmp olt double %x, 0x0000000000000000
  %v114 = fsub double 0x4000000000000000, %v112
  %v115 = select i1 %v113, double %v114, double %v112
  %v116 = fcmp olt double %v1, 0x3FE0000000000000
  %v117 = fsub double 0x3FF0000000000000, %v18
  %v118 = select i1 %v116, double %v117, double %v115
  ret double %v118
}

; erf of float: the double function, rounded.
define internal float @mc.erf.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.erf.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}

; erfc of float: the double function, rounded.
define internal float @mc.erfc.f32(float %x) alwaysinline nounwind willreturn memory(none) {
  %xd = fpext float %x to double
  %d = call double @mc.erfc.f64(double %xd)
  %r = fptrunc double %d to float
  ret float %r
}
