using Akka.Configuration;
using Hyperion;

namespace Akka.Serialization;

/// <summary>The section akka.actor.serialization-settings.hyperion.</summary>
public sealed class HyperionSerializerSettings
{
    /// <summary>The settings of an empty configuration.</summary>
    public static readonly HyperionSerializerSettings Default = Create(HyperionSerializer.DefaultConfiguration()
        .GetConfig("akka.actor.serialization-settings.hyperion"));

    /// <summary>Whether one object that is reached twice stays one, so that cycles work.</summary>
    public readonly bool PreserveObjectReferences;

    /// <summary>Whether a type whose fields differ between the two sides is refused.</summary>
    public readonly bool VersionTolerance;

    /// <summary>A class that implements <see cref="IKnownTypesProvider"/>.</summary>
    public readonly Type KnownTypesProvider;

    /// <summary>Renames in the type names that are read; the first that changes a name counts.</summary>
    public readonly IEnumerable<Func<string, string>> PackageNameOverrides;

    /// <summary>Replacements on the wire.</summary>
    public readonly IEnumerable<Surrogate> Surrogates;

    /// <summary>Whether the filter is asked and dangerous types are refused.</summary>
    public readonly bool DisallowUnsafeType;

    /// <summary>Decides which types may travel.</summary>
    public readonly ITypeFilter TypeFilter;

    /// <summary>Without renames and surrogates; unsafe types are refused.</summary>
    [Obsolete("Use the constructor with a type filter.")]
    public HyperionSerializerSettings(bool preserveObjectReferences, bool versionTolerance, Type? knownTypesProvider)
        : this(preserveObjectReferences, versionTolerance, knownTypesProvider, [], [], true)
    {
    }

    /// <summary>Without surrogates; unsafe types are refused.</summary>
    [Obsolete("Use the constructor with a type filter.")]
    public HyperionSerializerSettings(bool preserveObjectReferences, bool versionTolerance, Type? knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides)
        : this(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, [], true)
    {
    }

    /// <summary>Unsafe types are refused; every other type is allowed.</summary>
    public HyperionSerializerSettings(bool preserveObjectReferences, bool versionTolerance, Type? knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides, IEnumerable<Surrogate> surrogates)
        : this(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, surrogates, true)
    {
    }

    /// <summary>Without a filter.</summary>
    public HyperionSerializerSettings(bool preserveObjectReferences, bool versionTolerance, Type? knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides, IEnumerable<Surrogate> surrogates,
        bool disallowUnsafeType)
        : this(preserveObjectReferences, versionTolerance, knownTypesProvider, packageNameOverrides, surrogates,
            disallowUnsafeType, DisabledTypeFilter.Instance)
    {
    }

    /// <summary>All settings.</summary>
    /// <exception cref="ArgumentException">The provider does not implement <see cref="IKnownTypesProvider"/>.
    /// </exception>
    public HyperionSerializerSettings(bool preserveObjectReferences, bool versionTolerance, Type? knownTypesProvider,
        IEnumerable<Func<string, string>> packageNameOverrides, IEnumerable<Surrogate> surrogates,
        bool disallowUnsafeType, ITypeFilter typeFilter)
    {
        knownTypesProvider ??= typeof(NoKnownTypes);
        if (!typeof(IKnownTypesProvider).IsAssignableFrom(knownTypesProvider))
            throw new ArgumentException(
                $"Known types provider {knownTypesProvider} does not implement {typeof(IKnownTypesProvider)}.");
        PreserveObjectReferences = preserveObjectReferences;
        VersionTolerance = versionTolerance;
        KnownTypesProvider = knownTypesProvider;
        PackageNameOverrides = packageNameOverrides;
        Surrogates = surrogates;
        DisallowUnsafeType = disallowUnsafeType;
        TypeFilter = typeFilter;
    }

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A type that is named does not exist.</exception>
    public static HyperionSerializerSettings Create(Config config)
    {
        if (config.IsNullOrEmpty())
            throw ConfigurationException.NullOrEmptyConfig<HyperionSerializerSettings>(
                "akka.actor.serialization-settings.hyperion");
        var provider = config.GetString("known-types-provider", "");
        var allowed = config.GetStringList("allowed-types");
        return new HyperionSerializerSettings(
            config.GetBoolean("preserve-object-references", true),
            config.GetBoolean("version-tolerance", true),
            provider is null or "" ? null : Find(provider, "known-types-provider"),
            Renames(config),
            config.GetStringList("surrogates").Select(name =>
                (Surrogate)Activator.CreateInstance(Find(name, "surrogates"))!).ToArray(),
            config.GetBoolean("disallow-unsafe-type", true),
            allowed.Count == 0
                ? DisabledTypeFilter.Instance
                : allowed.Aggregate(TypeFilterBuilder.Create(), (b, name) => b.Include(Find(name, "allowed-types")))
                    .Build());
    }

    /// <summary>The same with references preserved or not.</summary>
    public HyperionSerializerSettings WithPreserveObjectReference(bool preserveObjectReferences) => new(
        preserveObjectReferences, VersionTolerance, KnownTypesProvider, PackageNameOverrides, Surrogates,
        DisallowUnsafeType, TypeFilter);

    /// <summary>The same with another version tolerance.</summary>
    public HyperionSerializerSettings WithVersionTolerance(bool versionTolerance) => new(
        PreserveObjectReferences, versionTolerance, KnownTypesProvider, PackageNameOverrides, Surrogates,
        DisallowUnsafeType, TypeFilter);

    /// <summary>The same with another provider of known types.</summary>
    public HyperionSerializerSettings WithKnownTypesProvider(Type knownTypesProvider) => new(
        PreserveObjectReferences, VersionTolerance, knownTypesProvider, PackageNameOverrides, Surrogates,
        DisallowUnsafeType, TypeFilter);

    /// <summary>The same with other renames.</summary>
    public HyperionSerializerSettings WithPackageNameOverrides(
        IEnumerable<Func<string, string>> packageNameOverrides) => new(
        PreserveObjectReferences, VersionTolerance, KnownTypesProvider, packageNameOverrides, Surrogates,
        DisallowUnsafeType, TypeFilter);

    /// <summary>The same with other surrogates.</summary>
    public HyperionSerializerSettings WithSurrogates(IEnumerable<Surrogate> surrogates) => new(
        PreserveObjectReferences, VersionTolerance, KnownTypesProvider, PackageNameOverrides, surrogates,
        DisallowUnsafeType, TypeFilter);

    /// <summary>The same with unsafe types refused or not.</summary>
    public HyperionSerializerSettings WithDisallowUnsafeType(bool disallowUnsafeType) => new(
        PreserveObjectReferences, VersionTolerance, KnownTypesProvider, PackageNameOverrides, Surrogates,
        disallowUnsafeType, TypeFilter);

    /// <summary>The same with another filter.</summary>
    public HyperionSerializerSettings WithTypeFilter(ITypeFilter typeFilter) => new(
        PreserveObjectReferences, VersionTolerance, KnownTypesProvider, PackageNameOverrides, Surrogates,
        DisallowUnsafeType, typeFilter);

    private static Type Find(string name, string key) => Type.GetType(name) ?? throw new ConfigurationException(
        $"akka.actor.serialization-settings.hyperion.{key}: there is no type [{name}].");

    private static IEnumerable<Func<string, string>> Renames(Config config)
    {
        if (config.GetValue("cross-platform-package-name-overrides.net") is not { } value) return [];
        return value.GetArray().Select(v => v.GetObject()).Select(o =>
        {
            var fingerprint = o.GetKey("fingerprint").GetString();
            var from = o.GetKey("rename-from").GetString();
            var to = o.GetKey("rename-to").GetString();
            return (Func<string, string>)(name => name.Contains(fingerprint) ? name.Replace(from, to) : name);
        }).ToArray();
    }
}
