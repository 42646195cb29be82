using System.Collections.Frozen;
using System.Text;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Client.Sasl;
using Akka.Zab.Tree;

namespace Akka.Zab;

/// <summary>Who may log in with SASL, and as whom.</summary>
internal sealed class SaslSettings
{
    private const string Key = "sasl.users";
    private const string FileKey = "sasl.users-file";
    private const string FullKey = $"{ZabSettings.Path}.{Key}";
    private const string FullFileKey = $"{ZabSettings.Path}.{FileKey}";

    private readonly FrozenDictionary<string, byte[]> _hashes;
    private readonly FrozenSet<string> _superUsers;

    /// <param name="hashes">What stands for the password of each user, see <see cref="DigestMd5.Hash"/>.</param>
    /// <param name="superUsers">The ids of those who may do everything.</param>
    public SaslSettings(IReadOnlyDictionary<string, byte[]> hashes, params IEnumerable<string> superUsers)
    {
        _hashes = hashes.ToFrozenDictionary(StringComparer.Ordinal);
        _superUsers = superUsers.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a client that fails is served all the same, as nobody in particular.</summary>
    public bool AllowFailed { get; init; }

    /// <summary>How clients log in with Kerberos; null if they do not.</summary>
    public KerberosSettings? Kerberos { get; init; }

    /// <summary>Of whom there is a password.</summary>
    public IReadOnlyList<string> Users => _hashes.Keys;

    /// <summary>What stands for a user's password; null for whom nobody knows.</summary>
    public byte[]? HashOf(string user) => _hashes.GetValueOrDefault(user);

    /// <summary>Whether this id may do everything.</summary>
    public bool IsSuper(string id) => _superUsers.Contains(id);

    /// <summary>Null if nobody may.</summary>
    /// <param name="given">What the user has set.</param>
    /// <param name="reader">The same, with the defaults.</param>
    /// <exception cref="ConfigurationException">Something is wrong; the message says what, without a secret.</exception>
    public static SaslSettings? Read(Config given, SettingsReader reader)
    {
        var hashes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        ReadUsers(given, hashes);
        ReadFile(reader.Text(FileKey), hashes);
        var settings = new SaslSettings(hashes, reader.Texts("sasl.super-users"))
        {
            AllowFailed = reader.Flag("sasl.allow-failed"),
            Kerberos = KerberosSettings.Read(reader),
        };
        return hashes.Count == 0 && settings.Kerberos is null ? null : settings;
    }

    private static void ReadUsers(Config given, Dictionary<string, byte[]> hashes)
    {
        if (!given.HasPath(Key)) return;
        var value = given.GetValue(Key);
        // On Akka.NET an empty list says that it is none.
        if (!value.IsArray() && (value.IsString() || value.IsObject()))
            throw new ConfigurationException($"{FullKey} must be a list of {{ name, password }} or {{ name, hash }}.");
        var entries = value.GetArray();
        for (var i = 0; i < entries.Count; i++)
        {
            var where = $"Entry {i + 1} of {FullKey}";
            if (!entries[i].IsObject())
                throw new ConfigurationException($"{where} must be {{ name, password }} or {{ name, hash }}.");
            var items = entries[i].GetObject().Items;
            foreach (var key in items.Keys)
                if (key is not ("name" or "password" or "hash"))
                    throw new ConfigurationException($"{where} has \"{key}\", but only name, password and hash are known.");
            var name = Value("name") ?? "";
            var (password, hash) = (Value("password"), Value("hash"));
            if (password is null == hash is null)
                throw new ConfigurationException($"{where} must have either a password or a hash.");
            if (password is { Length: 0 }) throw new ConfigurationException($"{where} has an empty password.");
            Add(hashes, name, password is null ? Parse(hash!) : DigestMd5.Hash(name, password), where);

            string? Value(string key) => items.TryGetValue(key, out var item) ? item.GetString() : null;
        }
    }

    private static void ReadFile(string file, Dictionary<string, byte[]> hashes)
    {
        if (file.Length == 0) return;
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{FullFileKey}: {file} cannot be read: {e.Message}", e);
        }
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var where = $"Line {i + 1} of {file}, {FullFileKey},";
            if (line.Split(':') is not [var name, var realm, var hash])
                throw new ConfigurationException($"{where} must be USER:{DigestMd5.Realm}:HASH.");
            if (realm != DigestMd5.Realm)
                throw new ConfigurationException($"{where} has another realm than {DigestMd5.Realm}.");
            Add(hashes, name, Parse(hash), where);
        }
    }

    private static void Add(Dictionary<string, byte[]> hashes, string name, byte[]? hash, string where)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny(':', '"', '\\') || name.Any(char.IsControl)
            || !PrincipalName.IsValid(name))
        {
            throw new ConfigurationException($"{where} must have a name without colons and quotation marks.");
        }
        if (hash is null)
            throw new ConfigurationException(
                $"{where} must have a hash of 32 hexadecimal digits: the MD5 of USER:{DigestMd5.Realm}:PASSWORD.");
        if (!hashes.TryAdd(name, hash)) throw new ConfigurationException($"{where} has the user {name} a second time.");
    }

    private static byte[]? Parse(string hash) =>
        hash.Length == 32 && hash.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hash) : null;
}
