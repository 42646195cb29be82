using System.Globalization;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Client;

/// <summary>Reads single settings, each with its range. Whatever is wrong is one sentence that names the key.</summary>
/// <param name="config">The section.</param>
/// <param name="section">Its full path, for messages.</param>
internal sealed class SettingsReader(Config config, string section)
{
    /// <summary>A key that the reference does not have is a misspelling, and is refused.</summary>
    /// <param name="reference">The section of the reference.</param>
    /// <param name="open">Keys below which anything may stand.</param>
    public void RefuseUnknownKeys(Config reference, params ReadOnlySpan<string> open) =>
        RefuseUnknownKeys(config, reference, section, open);

    public bool Has(string key) => config.HasPath(key);

    public string Text(string key) =>
        Read(key, "a text", value => value.GetString()) is { } text ? text : throw Wrong(key, "a text");

    public int Int(string key, int min, int max)
    {
        var value = Read(key, $"a whole number from {min} to {max}", v => v.GetInt());
        return value >= min && value <= max ? value : throw Wrong(key, $"a whole number from {min} to {max}");
    }

    public bool Flag(string key) => Read(key, "on or off", v => v.GetBoolean());

    public long Bytes(string key, long min, long max)
    {
        var expected = $"a size from {Size(min)} to {Size(max)}";
        var value = Read(key, expected, v => v.GetByteSize());
        return value >= min && value <= max ? value.Value : throw Wrong(key, expected);
    }

    /// <summary>A time in milliseconds.</summary>
    public int Milliseconds(string key, int min, int max)
    {
        var expected = $"a time from {Time(min)} to {Time(max)}";
        var value = Read(key, expected, v => v.GetTimeSpan(allowInfinite: false));
        return value.TotalMilliseconds >= min && value.TotalMilliseconds <= max
            ? (int)value.TotalMilliseconds : throw Wrong(key, expected);
    }

    /// <summary>A time in milliseconds, or null for <c>auto</c>.</summary>
    public int? MillisecondsOrAuto(string key, int min, int max) =>
        config.GetString(key) == "auto" ? null : Milliseconds(key, min, max);

    public IList<string> Texts(string key) => Read(key, "a list of texts", v => v.GetStringList());

    public Exception Wrong(string key, string expected) =>
        new ConfigurationException($"{section}.{key} must be {expected}, not {Shown(key)}.");

    /// <summary>As <see cref="Wrong"/>, without showing the value.</summary>
    public static Exception WrongSecret(string section, string key, string expected) =>
        new ConfigurationException($"{section}.{key} must be {expected}.");

    /// <summary>A host and a port, such as <c>server1:2181</c>.</summary>
    public static bool IsEndpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 &&
               int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) &&
               port is > 0 and <= 65535;
    }

    /// <summary>A complete address of an actor system, such as <c>akka.tcp://zab@server1:4051</c>.</summary>
    public static bool IsAddress(string text, out Address address)
    {
        try
        {
            address = Address.Parse(text);
            return address is { Host: { Length: > 0 }, Port: > 0 and <= 65535 } && address.System.Length > 0;
        }
        catch (Exception e) when (e is UriFormatException or FormatException or ArgumentException)
        {
            address = Address.AllSystems;
            return false;
        }
    }

    private T Read<T>(string key, string expected, Func<Configuration.Hocon.HoconValue, T> read)
    {
        if (!config.HasPath(key))
            throw new ConfigurationException($"{section}.{key} is missing; it must be {expected}.");
        try
        {
            return read(config.GetValue(key));
        }
        // What a value that cannot be read throws differs from type to type.
        catch (Exception)
        {
            throw Wrong(key, expected);
        }
    }

    private string Shown(string key)
    {
        var value = config.GetValue(key);
        var text = value switch
        {
            null => "nothing",
            _ when value.IsString() => value.GetString(),
            // To Akka.NET a list without elements is none, and its text of it says that the value is unknown.
            _ when !value.IsObject() && !value.IsEmpty && value.GetArray().Count == 0 => "[]",
            _ => value.ToString(),
        };
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? "empty" : text.Length > 80 ? text[..80] + "..." : text;
    }

    private static void RefuseUnknownKeys(Config given, Config reference, string path, ReadOnlySpan<string> open)
    {
        foreach (var (key, value) in given.AsEnumerable())
        {
            if (open.Contains(key)) continue;
            if (!reference.HasPath(key))
                throw new ConfigurationException($"{path}.{key} is not a setting of Akka.Zab.");
            var isSection = reference.GetValue(key).IsObject();
            if (isSection != value.IsObject())
                throw new ConfigurationException(
                    isSection ? $"{path}.{key} is a section, it has no value of its own."
                        : $"{path}.{key} is no section.");
            if (isSection) RefuseUnknownKeys(given.GetConfig(key), reference.GetConfig(key), $"{path}.{key}", []);
        }
    }

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes >> 30}GiB",
        >= 1L << 20 => $"{bytes >> 20}MiB",
        _ => $"{bytes >> 10}KiB",
    };

    private static string Time(int ms) => ms % 1000 == 0 ? $"{ms / 1000}s" : $"{ms}ms";
}
