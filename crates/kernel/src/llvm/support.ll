; What kernels' code calls: a module takes those that it needs. Functions are parted by empty lines.
; Those that hardly ever run are left as they are, which LLVM does in no time (optnone).

; One more reference to an array's memory; the count is its first word.
define internal void @mc.retain(ptr %owner) nounwind {
  %none = icmp eq ptr %owner, null
  br i1 %none, label %done, label %some
some:
  %old = atomicrmw add ptr %owner, i64 1 monotonic
  br label %done
done:
  ret void
}

; One reference less; the last one frees the memory.
define internal void @mc.release(ptr %context, ptr %owner) nounwind {
  %none = icmp eq ptr %owner, null
  br i1 %none, label %done, label %some
some:
  %old = atomicrmw sub ptr %owner, i64 1 acq_rel
  %last = icmp eq i64 %old, 1
  br i1 %last, label %free, label %done
free:
  %at = getelementptr inbounds i8, ptr %context, i64 64
  %callbacks = load ptr, ptr %at
  %second = getelementptr inbounds i8, ptr %callbacks, i64 8
  %callback = load ptr, ptr %second
  call void %callback(ptr %owner)
  br label %done
done:
  ret void
}

; Asks the caller whether the kernel is to end.
define internal i32 @mc.poll(ptr %context) nounwind noinline optnone cold {
  %at = getelementptr inbounds i8, ptr %context, i64 64
  %callbacks = load ptr, ptr %at
  %third = getelementptr inbounds i8, ptr %callbacks, i64 16
  %callback = load ptr, ptr %third
  %code = call i32 %callback(ptr %context)
  ret i32 %code
}

; The same if the alarm is set.
define internal i32 @mc.round(ptr %context) nounwind noinline optnone {
  %alarm = load ptr, ptr %context
  %set = load atomic i64, ptr %alarm monotonic, align 8
  %quiet = icmp eq i64 %set, 0
  br i1 %quiet, label %go, label %ask
go:
  ret i32 0
ask:
  %code = call i32 @mc.poll(ptr %context)
  ret i32 %code
}

; An index from the start, or -1 if there is no such element, which the context then says.
define internal i64 @mc.index(ptr %context, i64 %index, i64 %size, i64 %site) nounwind noinline optnone {
  %negative = icmp slt i64 %index, 0
  %added = add i64 %index, %size
  %at = select i1 %negative, i64 %added, i64 %index
  %within = icmp ult i64 %at, %size
  br i1 %within, label %go, label %bad
go:
  ret i64 %at
bad:
  %a = getelementptr inbounds i8, ptr %context, i64 24
  store i64 %site, ptr %a
  %b = getelementptr inbounds i8, ptr %context, i64 32
  store i64 %index, ptr %b
  %c = getelementptr inbounds i8, ptr %context, i64 40
  store i64 %size, ptr %c
  ret i64 -1
}

; SplitMix64: see abi::mix.
define internal i64 @mc.mix.i64(i64 %z) alwaysinline nounwind willreturn memory(none) {
  %a = lshr i64 %z, 30
  %b = xor i64 %z, %a
  %c = mul i64 %b, -4658895280553007687
  %d = lshr i64 %c, 27
  %e = xor i64 %c, %d
  %f = mul i64 %e, -7723592293110705685
  %g = lshr i64 %f, 31
  %h = xor i64 %f, %g
  ret i64 %h
}

; The order of two texts: negative, 0 or positive.
define internal i64 @mc.compare(ptr %a, i64 %m, ptr %b, i64 %n) nounwind {
  %least = call i64 @llvm.umin.i64(i64 %m, i64 %n)
  %order = call i32 @memcmp(ptr %a, ptr %b, i64 %least)
  %wide = sext i32 %order to i64
  %longer = sub i64 %m, %n
  %same = icmp eq i32 %order, 0
  %found = select i1 %same, i64 %longer, i64 %wide
  ret i64 %found
}

define internal i8 @mc.power.i8(i8 %base, i8 %exponent) nounwind memory(none) {
entry:
  br label %loop
loop:
  %b = phi i8 [ %base, %entry ], [ %square, %loop ]
  %e = phi i8 [ %exponent, %entry ], [ %half, %loop ]
  %p = phi i8 [ 1, %entry ], [ %next, %loop ]
  %odd = trunc i8 %e to i1
  %more = mul i8 %p, %b
  %next = select i1 %odd, i8 %more, i8 %p
  %square = mul i8 %b, %b
  %half = lshr i8 %e, 1
  %go = icmp ne i8 %half, 0
  br i1 %go, label %loop, label %done
done:
  ret i8 %next
}

define internal i16 @mc.power.i16(i16 %base, i16 %exponent) nounwind memory(none) {
entry:
  br label %loop
loop:
  %b = phi i16 [ %base, %entry ], [ %square, %loop ]
  %e = phi i16 [ %exponent, %entry ], [ %half, %loop ]
  %p = phi i16 [ 1, %entry ], [ %next, %loop ]
  %odd = trunc i16 %e to i1
  %more = mul i16 %p, %b
  %next = select i1 %odd, i16 %more, i16 %p
  %square = mul i16 %b, %b
  %half = lshr i16 %e, 1
  %go = icmp ne i16 %half, 0
  br i1 %go, label %loop, label %done
done:
  ret i16 %next
}

define internal i32 @mc.power.i32(i32 %base, i32 %exponent) nounwind memory(none) {
entry:
  br label %loop
loop:
  %b = phi i32 [ %base, %entry ], [ %square, %loop ]
  %e = phi i32 [ %exponent, %entry ], [ %half, %loop ]
  %p = phi i32 [ 1, %entry ], [ %next, %loop ]
  %odd = trunc i32 %e to i1
  %more = mul i32 %p, %b
  %next = select i1 %odd, i32 %more, i32 %p
  %square = mul i32 %b, %b
  %half = lshr i32 %e, 1
  %go = icmp ne i32 %half, 0
  br i1 %go, label %loop, label %done
done:
  ret i32 %next
}

define internal i64 @mc.power.i64(i64 %base, i64 %exponent) nounwind memory(none) {
entry:
  br label %loop
loop:
  %b = phi i64 [ %base, %entry ], [ %square, %loop ]
  %e = phi i64 [ %exponent, %entry ], [ %half, %loop ]
  %p = phi i64 [ 1, %entry ], [ %next, %loop ]
  %odd = trunc i64 %e to i1
  %more = mul i64 %p, %b
  %next = select i1 %odd, i64 %more, i64 %p
  %square = mul i64 %b, %b
  %half = lshr i64 %e, 1
  %go = icmp ne i64 %half, 0
  br i1 %go, label %loop, label %done
done:
  ret i64 %next
}

; a // b as NumPy's floor_divide: the remainder is taken off first, so that the quotient is nearly whole.
define internal float @mc.floordiv.float(float %a, float %b) nounwind memory(none) {
entry:
  %plain = fdiv float %a, %b
  %none = fcmp oeq float %b, 0.0
  br i1 %none, label %zero, label %some
zero:
  ret float %plain
some:
  %rest = frem float %a, %b
  %less = fsub float %a, %rest
  %near = fdiv float %less, %b
  %inexact = fcmp une float %rest, 0.0
  %r = fcmp olt float %rest, 0.0
  %s = fcmp olt float %b, 0.0
  %apart = xor i1 %r, %s
  %lower = and i1 %inexact, %apart
  %down = fsub float %near, 1.0
  %quotient = select i1 %lower, float %down, float %near
  %floor = call float @llvm.floor.f32(float %quotient)
  %gap = fsub float %quotient, %floor
  %far = fcmp ogt float %gap, 0.5
  %up = fadd float %floor, 1.0
  %whole = select i1 %far, float %up, float %floor
  %is0 = fcmp oeq float %quotient, 0.0
  %signed = call float @llvm.copysign.f32(float 0.0, float %plain)
  %found = select i1 %is0, float %signed, float %whole
  ret float %found
}

; a % b as NumPy's remainder: the sign of b.
define internal float @mc.mod.float(float %a, float %b) nounwind memory(none) {
  %rest = frem float %a, %b
  %none = fcmp oeq float %b, 0.0
  %exact = fcmp oeq float %rest, 0.0
  %r = fcmp olt float %rest, 0.0
  %s = fcmp olt float %b, 0.0
  %apart = xor i1 %r, %s
  %moved = fadd float %rest, %b
  %near = select i1 %apart, float %moved, float %rest
  %zero = call float @llvm.copysign.f32(float 0.0, float %b)
  %some = select i1 %exact, float %zero, float %near
  %found = select i1 %none, float %rest, float %some
  ret float %found
}

; a // b as NumPy's floor_divide: the remainder is taken off first, so that the quotient is nearly whole.
define internal double @mc.floordiv.double(double %a, double %b) nounwind memory(none) {
entry:
  %plain = fdiv double %a, %b
  %none = fcmp oeq double %b, 0.0
  br i1 %none, label %zero, label %some
zero:
  ret double %plain
some:
  %rest = frem double %a, %b
  %less = fsub double %a, %rest
  %near = fdiv double %less, %b
  %inexact = fcmp une double %rest, 0.0
  %r = fcmp olt double %rest, 0.0
  %s = fcmp olt double %b, 0.0
  %apart = xor i1 %r, %s
  %lower = and i1 %inexact, %apart
  %down = fsub double %near, 1.0
  %quotient = select i1 %lower, double %down, double %near
  %floor = call double @llvm.floor.f64(double %quotient)
  %gap = fsub double %quotient, %floor
  %far = fcmp ogt double %gap, 0.5
  %up = fadd double %floor, 1.0
  %whole = select i1 %far, double %up, double %floor
  %is0 = fcmp oeq double %quotient, 0.0
  %signed = call double @llvm.copysign.f64(double 0.0, double %plain)
  %found = select i1 %is0, double %signed, double %whole
  ret double %found
}

; a % b as NumPy's remainder: the sign of b.
define internal double @mc.mod.double(double %a, double %b) nounwind memory(none) {
  %rest = frem double %a, %b
  %none = fcmp oeq double %b, 0.0
  %exact = fcmp oeq double %rest, 0.0
  %r = fcmp olt double %rest, 0.0
  %s = fcmp olt double %b, 0.0
  %apart = xor i1 %r, %s
  %moved = fadd double %rest, %b
  %near = select i1 %apart, double %moved, double %rest
  %zero = call double @llvm.copysign.f64(double 0.0, double %b)
  %some = select i1 %exact, double %zero, double %near
  %found = select i1 %none, double %rest, double %some
  ret double %found
}
