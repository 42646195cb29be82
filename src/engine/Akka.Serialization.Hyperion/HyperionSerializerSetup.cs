using Akka.Actor.Setup;
using Hyperion;

namespace Akka.Serialization.Hyperion;

/// <summary>Settings of the Hyperion serializer that the program gives; each goes before the configuration's.</summary>
public sealed class HyperionSerializerSetup : Setup
{
    /// <summary>Leaves everything to the configuration.</summary>
    public static readonly HyperionSerializerSetup Empty = new(null, null, null, null, null, null, null);

    private HyperionSerializerSetup(
        bool? preserveObjectReferences,
        bool? versionTolerance,
        Type? knownTypesProvider,
        IEnumerable<Func<string, string>>? packageNameOverrides,
        IEnumerable<Surrogate>? surrogates,
        bool? disallowUnsafeType,
        ITypeFilter? typeFilter)
    {
        PreserveObjectReferences = preserveObjectReferences;
        VersionTolerance = versionTolerance;
        KnownTypesProvider = knownTypesProvider;
        PackageNameOverrides = packageNameOverrides;
        Surrogates = surrogates;
        DisallowUnsafeType = disallowUnsafeType;
        TypeFilter = typeFilter;
    }

    /// <summary>Whether one object that is reached twice stays one.</summary>
    public bool? PreserveObjectReferences { get; }

    /// <summary>Whether a type whose fields differ between the two sides is refused.</summary>
    public bool? VersionTolerance { get; }

    /// <summary>A class that implements <see cref="IKnownTypesProvider"/>.</summary>
    public Type? KnownTypesProvider { get; }

    /// <summary>Renames in the type names that are read.</summary>
    public IEnumerable<Func<string, string>>? PackageNameOverrides { get; }

    /// <summary>Replacements on the wire.</summary>
    public IEnumerable<Surrogate>? Surrogates { get; }

    /// <summary>Whether the filter is asked and dangerous types are refused.</summary>
    public bool? DisallowUnsafeType { get; }

    /// <summary>Decides which types may travel.</summary>
    public ITypeFilter? TypeFilter { get; }

    /// <summary>Some of the settings; the others stay as the configuration says.</summary>
    public static HyperionSerializerSetup Create(
        bool preserveObjectReferences, bool versionTolerance, Type knownTypesProvider) =>
        new(preserveObjectReferences, versionTolerance, knownTypesProvider, null, null, null, null);

    /// <inheritdoc cref="Create(bool, bool, Type)"/>
    public static HyperionSerializerSetup Create(
        bool preserveObjectReferences,
        bool versionTolerance,
        Type knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides) =>
        new(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, null, null, null);

    /// <summary>Some of the settings; the others stay as the configuration says.</summary>
    public static HyperionSerializerSetup Create(
        bool preserveObjectReferences,
        bool versionTolerance,
        Type knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides,
        IEnumerable<Surrogate> surrogates) =>
        new(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, surrogates, null,
            null);

    /// <summary>Some of the settings; the others stay as the configuration says.</summary>
    public static HyperionSerializerSetup Create(
        bool preserveObjectReferences,
        bool versionTolerance,
        Type knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides,
        IEnumerable<Surrogate> surrogates,
        bool disallowUnsafeType) =>
        new(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, surrogates,
            disallowUnsafeType, null);

    /// <summary>All settings.</summary>
    public static HyperionSerializerSetup Create(
        bool preserveObjectReferences,
        bool versionTolerance,
        Type knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides,
        IEnumerable<Surrogate> surrogates,
        bool disallowUnsafeType,
        ITypeFilter typeFilter) =>
        new(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, surrogates,
            disallowUnsafeType, typeFilter);

    /// <summary>The same with references preserved or not.</summary>
    public HyperionSerializerSetup WithPreserveObjectReference(bool preserveObjectReference) =>
        Copy(preserveObjectReferences: preserveObjectReference);

    /// <summary>The same with another version tolerance.</summary>
    public HyperionSerializerSetup WithVersionTolerance(bool versionTolerance) =>
        Copy(versionTolerance: versionTolerance);

    /// <summary>The same with another provider of known types.</summary>
    public HyperionSerializerSetup WithKnownTypeProvider<T>() => Copy(knownTypesProvider: typeof(T));

    /// <summary>The same with another provider of known types.</summary>
    public HyperionSerializerSetup WithKnownTypeProvider(Type knownTypeProvider) =>
        Copy(knownTypesProvider: knownTypeProvider);

    /// <summary>The same with other renames.</summary>
    public HyperionSerializerSetup WithPackageNameOverrides(IEnumerable<Func<string, string>> packageNameOverrides) =>
        Copy(packageNameOverrides: packageNameOverrides);

    /// <summary>The same with other surrogates.</summary>
    public HyperionSerializerSetup WithSurrogates(IEnumerable<Surrogate> surrogates) => Copy(surrogates: surrogates);

    /// <summary>The same with unsafe types refused or not.</summary>
    public HyperionSerializerSetup WithDisallowUnsafeType(bool disallowUnsafeType) =>
        Copy(disallowUnsafeType: disallowUnsafeType);

    /// <summary>The same with another filter.</summary>
    public HyperionSerializerSetup WithTypeFilter(ITypeFilter typeFilter) => Copy(typeFilter: typeFilter);

    internal HyperionSerializerSettings ApplySettings(HyperionSerializerSettings settings) => new(
        PreserveObjectReferences ?? settings.PreserveObjectReferences,
        VersionTolerance ?? settings.VersionTolerance,
        KnownTypesProvider ?? settings.KnownTypesProvider,
        PackageNameOverrides ?? settings.PackageNameOverrides,
        Surrogates ?? settings.Surrogates,
        DisallowUnsafeType ?? settings.DisallowUnsafeType,
        TypeFilter ?? settings.TypeFilter);

    private HyperionSerializerSetup Copy(
        bool? preserveObjectReferences = null,
        bool? versionTolerance = null,
        Type? knownTypesProvider = null,
        IEnumerable<Func<string, string>>? packageNameOverrides = null,
        IEnumerable<Surrogate>? surrogates = null,
        bool? disallowUnsafeType = null,
        ITypeFilter? typeFilter = null) =>
        new(preserveObjectReferences ?? PreserveObjectReferences,
            versionTolerance ?? VersionTolerance,
            knownTypesProvider ?? KnownTypesProvider,
            packageNameOverrides ?? PackageNameOverrides,
            surrogates ?? Surrogates,
            disallowUnsafeType ?? DisallowUnsafeType,
            typeFilter ?? TypeFilter);
}
