using Hyperion.SerializerFactories;

namespace Hyperion;

/// <summary>How a <see cref="Serializer"/> works. Both sides of a connection must use the same options.</summary>
public class SerializerOptions
{
    /// <summary>No references, no surrogates, no known types, unsafe types refused.</summary>
    public static readonly SerializerOptions Default =
        new(false, false, null, null, null, false, null, true, DisabledTypeFilter.Instance);

    internal readonly bool VersionTolerance;
    internal readonly bool PreserveObjectReferences;
    internal readonly Surrogate[] Surrogates;
    internal readonly Type[] KnownTypes;
    internal readonly bool IgnoreISerializable;
    internal readonly Func<string, string>[] PackageNameOverrides;
    internal readonly bool DisallowUnsafeTypes;
    internal readonly ITypeFilter TypeFilter;

    /// <summary>Options without renamed packages; unsafe types are refused.</summary>
    [Obsolete("Use the constructor with a type filter.")]
    public SerializerOptions(
        bool versionTolerance = false,
        bool preserveObjectReferences = false,
        IEnumerable<Surrogate>? surrogates = null,
        IEnumerable<ValueSerializerFactory>? serializerFactories = null,
        IEnumerable<Type>? knownTypes = null,
        bool ignoreISerializable = false)
        : this(versionTolerance, preserveObjectReferences, surrogates, serializerFactories, knownTypes,
            ignoreISerializable, null, true, DisabledTypeFilter.Instance)
    {
    }

    /// <summary>All options.</summary>
    /// <param name="versionTolerance">Send a fingerprint of each type's fields, so that a peer whose version of the
    /// type has other fields refuses the message instead of misreading it.</param>
    /// <param name="preserveObjectReferences">One object that is reached twice stays one; cycles work.</param>
    /// <param name="surrogates">Replacements on the wire; the first that covers a type counts.</param>
    /// <param name="serializerFactories">Must be null or empty: this engine has no user-defined factories.</param>
    /// <param name="knownTypes">Types that travel as a number; the same list in the same order on both sides.</param>
    /// <param name="ignoreISerializable">Objects always travel by their fields, so it makes no difference.</param>
    /// <param name="packageNameOverrides">Applied to each type name that is read; the first that changes it counts.
    /// </param>
    /// <param name="disallowUnsafeTypes">Ask the filter, and refuse types that are known to be dangerous.</param>
    /// <param name="typeFilter">Asked for every type that is not a primitive.</param>
    public SerializerOptions(
        bool versionTolerance,
        bool preserveObjectReferences,
        IEnumerable<Surrogate>? surrogates,
        IEnumerable<ValueSerializerFactory>? serializerFactories,
        IEnumerable<Type>? knownTypes,
        bool ignoreISerializable,
        IEnumerable<Func<string, string>>? packageNameOverrides,
        bool disallowUnsafeTypes,
        ITypeFilter typeFilter)
    {
        if (serializerFactories is not null && serializerFactories.Any())
            throw new NotSupportedException(
                "This engine has no user-defined serializer factories; use a Surrogate instead.");
        VersionTolerance = versionTolerance;
        PreserveObjectReferences = preserveObjectReferences;
        Surrogates = surrogates?.ToArray() ?? [];
        KnownTypes = knownTypes?.ToArray() ?? [];
        IgnoreISerializable = ignoreISerializable;
        PackageNameOverrides = packageNameOverrides?.ToArray() ?? [];
        DisallowUnsafeTypes = disallowUnsafeTypes;
        TypeFilter = typeFilter;
        if (KnownTypes.Distinct().Count() != KnownTypes.Length)
            throw new ArgumentException("A known type is listed twice.", nameof(knownTypes));
    }

    /// <summary>The same with another version tolerance.</summary>
    public SerializerOptions WithVersionTolerance(bool versionTolerance) => Copy(versionTolerance: versionTolerance);

    /// <summary>The same with references preserved or not.</summary>
    public SerializerOptions WithPreserveObjectReferences(bool preserveObjectReferences) =>
        Copy(preserveObjectReferences: preserveObjectReferences);

    /// <summary>The same with other surrogates.</summary>
    public SerializerOptions WithSurrogates(IEnumerable<Surrogate> surrogates) => Copy(surrogates: surrogates);

    /// <summary>Refused unless empty: this engine has no user-defined factories.</summary>
    public SerializerOptions WithSerializerFactory(IEnumerable<ValueSerializerFactory> serializerFactories) =>
        Copy(serializerFactories: serializerFactories);

    /// <summary>The same with other known types.</summary>
    public SerializerOptions WithKnownTypes(IEnumerable<Type> knownTypes) => Copy(knownTypes: knownTypes);

    /// <summary>The same with another treatment of ISerializable.</summary>
    public SerializerOptions WithIgnoreSerializable(bool ignoreISerializable) =>
        Copy(ignoreISerializable: ignoreISerializable);

    /// <summary>The same with other package name overrides.</summary>
    public SerializerOptions WithPackageNameOverrides(IEnumerable<Func<string, string>> packageNameOverrides) =>
        Copy(packageNameOverrides: packageNameOverrides);

    /// <summary>The same with unsafe types refused or not.</summary>
    public SerializerOptions WithDisallowUnsafeType(bool disallowUnsafeType) =>
        Copy(disallowUnsafeTypes: disallowUnsafeType);

    /// <summary>The same with another filter.</summary>
    public SerializerOptions WithTypeFilter(ITypeFilter typeFilter) => Copy(typeFilter: typeFilter);

    private SerializerOptions Copy(
        bool? versionTolerance = null,
        bool? preserveObjectReferences = null,
        IEnumerable<Surrogate>? surrogates = null,
        IEnumerable<ValueSerializerFactory>? serializerFactories = null,
        IEnumerable<Type>? knownTypes = null,
        bool? ignoreISerializable = null,
        IEnumerable<Func<string, string>>? packageNameOverrides = null,
        bool? disallowUnsafeTypes = null,
        ITypeFilter? typeFilter = null) =>
        new(versionTolerance ?? VersionTolerance,
            preserveObjectReferences ?? PreserveObjectReferences,
            surrogates ?? Surrogates,
            serializerFactories,
            knownTypes ?? KnownTypes,
            ignoreISerializable ?? IgnoreISerializable,
            packageNameOverrides ?? PackageNameOverrides,
            disallowUnsafeTypes ?? DisallowUnsafeTypes,
            typeFilter ?? TypeFilter);
}
