// Annotations of lock rules: which mutex guards a member, which one a function needs. They are for
// Clang's thread safety analysis, which `make lint` runs, and are empty for other compilers. Their
// meaning: Clang's documentation, "Thread Safety Analysis". Locks that have them: mutex.hpp.
#pragma once

#if defined(__clang__)
#define POSTRIDER_ANNOTATION(...) __attribute__((__VA_ARGS__))
#else
#define POSTRIDER_ANNOTATION(...)
#endif

/// Of a class: its objects can be held, as a mutex is. `name` is what the analysis calls them.
#define CAPABILITY(name) POSTRIDER_ANNOTATION(capability(name))
/// Of a class: an object holds a capability from its constructor to its destructor.
#define SCOPED_CAPABILITY POSTRIDER_ANNOTATION(scoped_lockable)

// Abseil, which libphonenumber's headers include, has these two names for the same attributes.
#undef GUARDED_BY
#undef PT_GUARDED_BY

/// Of a member: read and written only while the mutex is held.
#define GUARDED_BY(mutex) POSTRIDER_ANNOTATION(guarded_by(mutex))
/// Of a pointer: what it points to is used only while the mutex is held.
#define PT_GUARDED_BY(mutex) POSTRIDER_ANNOTATION(pt_guarded_by(mutex))

/// Of a function, after its parameters: the caller holds these mutexes.
#define REQUIRES(...) POSTRIDER_ANNOTATION(requires_capability(__VA_ARGS__))
/// The caller does not hold them, because the function takes them itself.
#define EXCLUDES(...) POSTRIDER_ANNOTATION(locks_excluded(__VA_ARGS__))
/// The function takes them, and the caller holds them afterwards. Without any: `this`.
#define ACQUIRE(...) POSTRIDER_ANNOTATION(acquire_capability(__VA_ARGS__))
/// The function lets go of them. Without any: `this`.
#define RELEASE(...) POSTRIDER_ANNOTATION(release_capability(__VA_ARGS__))
