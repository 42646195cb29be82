using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Settings by path, with those of a fallback where this configuration says nothing.
/// </summary>
/// <remarks>
/// A setting that is not there gives the default that the caller passes; where there is none to pass, null (or an
/// empty list). Akka.NET does not annotate its API for nullability, so the results here are not marked nullable.
/// Immutable but for <see cref="Substitutions"/>.
/// </remarks>
public class Config
{
    public static readonly Config Empty = ConfigurationFactory.Empty;

    // What this configuration said before any fallback was merged into Root.
    HoconValue? _own;

    public Config()
    {
    }

    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        Root = root.Value ?? throw new ArgumentNullException(nameof(root), "The root's value must not be null.");
        _own = root.Value;
        Substitutions = root.Substitutions;
    }

    public Config(Config source, Config fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        Root = source.Root;
        _own = source._own;
        Fallback = fallback;
    }

    /// <summary>What was merged below this configuration; null without a fallback.</summary>
    public Config Fallback { get; private set; } = null!;

    public virtual bool IsEmpty => Root is null || Root.IsEmpty;

    /// <summary>The merged tree, fallbacks included.</summary>
    public virtual HoconValue Root { get; private set; } = null!;

    public IEnumerable<HoconSubstitution> Substitutions { get; set; } = [];

    protected Config Copy(Config? fallback = null) => new()
    {
        Fallback = Fallback is null ? fallback! : Fallback.Copy(fallback),
        Root = Root,
        _own = _own,
        Substitutions = Substitutions,
    };

    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The value at the path; null without one.</summary>
    public HoconValue GetValue(string path) => Find(path)!;

    /// <summary>The section at the path, fallbacks included; null without one.</summary>
    public virtual Config GetConfig(string path)
    {
        var value = Find(path);
        return value is null ? null! : new Config(new HoconRoot(value)) { Fallback = Fallback?.GetConfig(path)! };
    }

    public virtual string GetString(string path, string? @default = null) =>
        Find(path) is { } value ? value.GetString() : @default!;

    /// <exception cref="NotSupportedException">The value is none of on, off, true and false.</exception>
    public virtual bool GetBoolean(string path, bool @default = false) => Get(path, @default, v => v.GetBoolean());

    public virtual int GetInt(string path, int @default = 0) => Get(path, @default, v => v.GetInt());

    public virtual long GetLong(string path, long @default = 0) => Get(path, @default, v => v.GetLong());

    public virtual float GetFloat(string path, float @default = 0) => Get(path, @default, v => v.GetFloat());

    public virtual double GetDouble(string path, double @default = 0) => Get(path, @default, v => v.GetDouble());

    public virtual decimal GetDecimal(string path, decimal @default = 0) => Get(path, @default, v => v.GetDecimal());

    /// <summary>A duration: <c>500ms</c>, <c>10 s</c>, <c>1 minute</c>; a bare number counts milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Get(path, @default.GetValueOrDefault(), v => v.GetTimeSpan(allowInfinite));

    /// <summary>A number of bytes: <c>128 KiB</c>, <c>1m</c>, <c>256kB</c>; a bare number counts bytes.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? def = null) => Get(path, def, v => v.GetByteSize());

    public virtual IList<bool> GetBooleanList(string path) => Get<IList<bool>>(path, [], v => v.GetBooleanList());

    public virtual IList<decimal> GetDecimalList(string path) => Get<IList<decimal>>(path, [], v => v.GetDecimalList());

    public virtual IList<float> GetFloatList(string path) => Get<IList<float>>(path, [], v => v.GetFloatList());

    public virtual IList<double> GetDoubleList(string path) => Get<IList<double>>(path, [], v => v.GetDoubleList());

    public virtual IList<int> GetIntList(string path) => Get<IList<int>>(path, [], v => v.GetIntList());

    public virtual IList<long> GetLongList(string path) => Get<IList<long>>(path, [], v => v.GetLongList());

    public virtual IList<byte> GetByteList(string path) => Get<IList<byte>>(path, [], v => v.GetByteList());

    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    public virtual IList<string> GetStringList(string path, string[]? defaultPaths) =>
        Get<IList<string>>(path, defaultPaths!, v => v.GetStringList());

    /// <summary>This configuration, with that of <paramref name="fallback"/> wherever this one says nothing.</summary>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
            throw new ArgumentException("A configuration cannot be its own fallback.", nameof(fallback));
        if (fallback?.Root is null) return this;
        if (IsEmpty) return fallback;

        var merged = Copy(fallback);
        merged.Root = HoconObject.Merged(fallback.Root, Root);
        return merged;
    }

    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() =>
        Root?.GetObject()?.Items ?? Enumerable.Empty<KeyValuePair<string, HoconValue>>();

    /// <summary>What this configuration itself says, as HOCON.</summary>
    public override string ToString() => _own?.ToString() ?? "";

    public string ToString(bool includeFallback) => includeFallback ? Root?.ToString() ?? "" : ToString();

    public static Config operator +(Config config, string fallback) =>
        config.WithFallback(ConfigurationFactory.ParseString(fallback));

    public static Config operator +(string configHocon, Config fallbackConfig) =>
        ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    HoconValue? Find(string path)
    {
        var node = Root;
        foreach (var key in HoconPath.Split(path))
        {
            node = node?.GetChildObject(key);
            if (node is null) return null;
        }
        return node;
    }

    T Get<T>(string path, T @default, Func<HoconValue, T> read)
    {
        if (Find(path) is not { } value) return @default;
        try
        {
            return read(value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException($"{path}: {e.Message}", e);
        }
    }
}
