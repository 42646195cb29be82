using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab;

/// <summary>One server of the ensemble as the settings have it.</summary>
/// <param name="Id">Its server id.</param>
/// <param name="Address">Its actor system; null stands for this one, when it is alone.</param>
/// <param name="IsObserver">Whether it has no vote.</param>
/// <param name="Client">Where ZooKeeper clients reach it, or empty.</param>
/// <param name="Weight">What its vote weighs.</param>
/// <param name="Group">The group that its vote counts in; 0 if there are no groups.</param>
internal sealed record MemberSettings(
    int Id, Address? Address, bool IsObserver, string Client, int Weight = 1, int Group = 0);

/// <summary>Where the journal or the snapshots are kept.</summary>
/// <param name="Key">The section of the settings.</param>
/// <param name="Provider">The kind of database, by linq2db's name.</param>
/// <param name="ConnectionString">Empty for a SQLite file in <see cref="ZabSettings.DataFolder"/>.</param>
internal sealed record StoreSettings(string Key, string Provider, string ConnectionString)
{
    /// <summary>Whether it is a journal in our own file, of whose table nothing is said.</summary>
    public bool HasPlainTable { get; init; }

    public bool IsPostgres => Provider.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The settings of <c>akka.zab</c>, checked. <c>reference.conf</c> says what each is.</summary>
internal sealed record ZabSettings
{
    /// <summary>The section.</summary>
    public const string Path = "akka.zab";

    /// <summary>What the member's actors run on.</summary>
    public const string Dispatcher = Path + ".dispatcher";

    public required int ServerId { get; init; }
    public required IReadOnlyList<MemberSettings> Members { get; init; }

    /// <summary>Members to learn the ensemble from; not empty for a server that is yet to become one.</summary>
    public required IReadOnlyList<Address> Join { get; init; }

    /// <summary>Whether the ensemble may be changed while it runs; then its own record of it counts.</summary>
    public required bool Reconfigurable { get; init; }

    public required int TickMs { get; init; }
    public required int InitLimitTicks { get; init; }
    public required int SyncLimitTicks { get; init; }
    public required int MinSessionTimeoutMs { get; init; }
    public required int MaxSessionTimeoutMs { get; init; }

    /// <summary>Whether a session is known to its server only, until it becomes one of the ensemble's.</summary>
    public required bool LocalSessions { get; init; }

    /// <summary>Whether a local session becomes one of the ensemble's when it makes an ephemeral znode.</summary>
    public required bool LocalSessionsUpgrade { get; init; }

    /// <summary>Whether a server without a leader lets clients read that accept it.</summary>
    public required bool ReadOnlyMode { get; init; }

    public required int FinalizeWaitMs { get; init; }
    public required int ResendMs { get; init; }
    public required int LongestResendMs { get; init; }
    public required int MaxBatchBytes { get; init; }
    public required int MaxBatchesInFlight { get; init; }
    public required long MaxWaitingBytes { get; init; }
    public required long HistoryInMemory { get; init; }
    public required long MaxBehind { get; init; }
    public required long HistoryOnDisk { get; init; }
    public required int SnapshotEveryTransactions { get; init; }
    public required long SnapshotEveryBytes { get; init; }
    public required int SnapshotsKept { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataFolder { get; init; }

    public required string ClientHost { get; init; }
    public required int ClientPort { get; init; }

    /// <summary>Whether the port for clients without TLS is opened.</summary>
    public required bool ClientPortEnabled { get; init; }

    /// <summary>The port with TLS; null if there is none.</summary>
    public required TlsPortSettings? TlsPort { get; init; }

    /// <summary>0 is no limit.</summary>
    public required int MaxConnectionsPerAddress { get; init; }

    /// <summary>In total; 0 is no limit.</summary>
    public required int MaxConnections { get; init; }

    public required int MaxOutstandingRequests { get; init; }

    /// <summary>Of requests under way on all connections of ZooKeeper clients together.</summary>
    public required long MaxOutstandingBytes { get; init; }

    public required int MaxRequestBytes { get; init; }
    public required int MaxReplyBytes { get; init; }
    public required IReadOnlyList<string> FourLetterWords { get; init; }

    /// <summary>Whether znodes may have a time to live.</summary>
    public required bool ExtendedTypes { get; init; }

    public required int ReapIntervalMs { get; init; }
    public required int MaxNeverUsedMs { get; init; }

    /// <summary>Whether hard quotas are enforced.</summary>
    public required bool EnforceQuota { get; init; }

    /// <summary>Empty for none.</summary>
    public required string SuperDigest { get; init; }

    /// <summary>The subject of the client certificate whose owner may do everything; empty for none.</summary>
    public required string SuperCertificate { get; init; }

    /// <summary>Who may log in with SASL; null if nobody may.</summary>
    public required SaslSettings? Sasl { get; init; }

    /// <summary>Whether everybody may do everything, whatever the ACLs say.</summary>
    public required bool SkipAcl { get; init; }

    /// <summary>Whether what is open to everybody is closed to everybody but the superuser.</summary>
    public required bool DenyOpen { get; init; }

    /// <summary>A connection must be known by one of these before it may do anything; empty for no rule.</summary>
    public required IReadOnlyList<string> RequiredSchemes { get; init; }

    public required StoreSettings Journal { get; init; }
    public required StoreSettings Snapshots { get; init; }

    /// <summary>This server among <see cref="Members"/>.</summary>
    public MemberSettings Self
    {
        get
        {
            foreach (var member in Members)
                if (member.Id == ServerId) return member;
            throw new InvalidOperationException("A server is one of the members.");
        }
    }

    /// <summary>The defaults.</summary>
    public static Config Reference { get; } =
        ConfigurationFactory.FromResource("Akka.Zab.reference.conf", typeof(ZabSettings).Assembly);

    /// <summary>
    /// Reads and checks what <paramref name="system"/> has under <c>akka.zab</c>, the defaults included.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// Something is wrong; the message is one sentence that names the key.
    /// </exception>
    public static ZabSettings Read(Config system)
    {
        var reference = Reference.GetConfig(Path);
        var given = system.HasPath(Path) ? system.GetConfig(Path) : ConfigurationFactory.Empty;
        new SettingsReader(given, Path).RefuseUnknownKeys(reference, "journal", "snapshots", "dispatcher", "client");
        var reader = new SettingsReader(given.WithFallback(reference), Path);

        var serverId = reader.Int("server-id", 1, 255);
        var join = ReadJoin(reader);
        var members = ReadMembers(given, serverId, join.Length > 0);
        var reconfigurable = reader.Flag("reconfig");
        if (join.Length > 0 && !reconfigurable)
            throw reader.Wrong("reconfig", "on where there is something in akka.zab.join");
        var tickMs = reader.Milliseconds("tick-time", 10, 60_000);
        var minTimeoutMs = reader.MillisecondsOrAuto("session-timeout.min", 1, 86_400_000) ?? 2 * tickMs;
        var maxTimeoutMs = reader.MillisecondsOrAuto("session-timeout.max", 1, 86_400_000) ?? 20 * tickMs;
        if (maxTimeoutMs < minTimeoutMs)
            throw reader.Wrong("session-timeout.max", $"at least session-timeout.min, which is {minTimeoutMs}ms");
        if (reader.Text("data-dir").Length == 0) throw reader.Wrong("data-dir", "a folder");
        var sasl = SaslSettings.Read(given, reader);

        return new ZabSettings
        {
            ServerId = serverId,
            Members = members,
            Join = join,
            Reconfigurable = reconfigurable,
            TickMs = tickMs,
            InitLimitTicks = reader.Int("init-limit", 1, 1000),
            SyncLimitTicks = reader.Int("sync-limit", 1, 1000),
            MinSessionTimeoutMs = minTimeoutMs,
            MaxSessionTimeoutMs = maxTimeoutMs,
            LocalSessions = reader.Flag("sessions.local"),
            LocalSessionsUpgrade = reader.Flag("sessions.local-upgrade"),
            ReadOnlyMode = reader.Flag("read-only-mode"),
            FinalizeWaitMs = reader.Milliseconds("election.finalize-wait", 0, 10_000),
            ResendMs = reader.Milliseconds("election.resend", 1, 60_000),
            LongestResendMs = reader.Milliseconds("election.longest-resend", 1, 60_000),
            MaxBatchBytes = (int)reader.Bytes("batch.max-bytes", 64 << 10, 16 << 20),
            MaxBatchesInFlight = reader.Int("batch.max-in-flight", 1, 64),
            MaxWaitingBytes = reader.Bytes("batch.max-waiting", 1 << 20, 64L << 30),
            HistoryInMemory = reader.Bytes("history-in-memory", 1 << 20, 16L << 30),
            MaxBehind = reader.Bytes("max-behind", 1 << 20, 16L << 30),
            HistoryOnDisk = reader.Bytes("history-on-disk", 0, 64L << 30),
            SnapshotEveryTransactions = reader.Int("snapshot.every-transactions", 100, 1_000_000_000),
            SnapshotEveryBytes = reader.Bytes("snapshot.every-bytes", 1 << 20, 64L << 30),
            SnapshotsKept = reader.Int("snapshot.keep", 1, 100),
            DataFolder = System.IO.Path.GetFullPath(reader.Text("data-dir")),
            ClientHost = reader.Text("client-port.host"),
            ClientPort = reader.Int("client-port.port", 0, 65535),
            MaxConnectionsPerAddress = reader.Int("client-port.max-connections-per-address", 0, 1_000_000),
            ClientPortEnabled = reader.Flag("client-port.enabled"),
            TlsPort = TlsPortSettings.Read(reader),
            MaxConnections = reader.Int("client-port.max-connections", 0, 10_000_000),
            MaxRequestBytes = (int)reader.Bytes("client-port.max-request", 1 << 10, 256 << 20),
            MaxReplyBytes = (int)reader.Bytes("client-port.max-reply", 1 << 10, 1 << 30),
            MaxOutstandingBytes = reader.Bytes("client-port.max-outstanding-bytes", 1 << 20, 64L << 30),
            MaxOutstandingRequests = reader.Int("max-outstanding-requests", 1, 1_000_000),
            FourLetterWords = [.. reader.Texts("four-letter-words")],
            ExtendedTypes = reader.Flag("extended-types"),
            ReapIntervalMs = reader.Milliseconds("container.check-interval", 100, 86_400_000),
            MaxNeverUsedMs = reader.Milliseconds("container.max-never-used", 1000, 86_400_000),
            EnforceQuota = reader.Flag("enforce-quota"),
            SuperDigest = ReadSuperDigest(reader),
            SuperCertificate = reader.Text("acl.super-certificate"),
            Sasl = sasl,
            SkipAcl = reader.Flag("acl.skip"),
            DenyOpen = reader.Flag("acl.deny-open"),
            RequiredSchemes = ReadRequiredSchemes(reader, sasl),
            Journal = ReadStore(reader, "journal"),
            Snapshots = ReadStore(reader, "snapshots"),
        };
    }

    private static StoreSettings ReadStore(SettingsReader reader, string section)
    {
        var store = new StoreSettings(
            $"{Path}.{section}", reader.Text($"{section}.provider-name"), reader.Text($"{section}.connection-string"));
        store = store with
        {
            HasPlainTable = section == "journal" && store.ConnectionString.Length == 0
                && reader.Text("journal.tag-write-mode").Equals("Csv", StringComparison.OrdinalIgnoreCase)
                && !reader.Has("journal.table-mapping") && !reader.Has("journal.default"),
        };
        return store.ConnectionString.Length > 0 || store.Provider.StartsWith("SQLite", StringComparison.Ordinal)
            ? store
            : throw SettingsReader.WrongSecret(
                Path, $"{section}.connection-string", $"that of the database, with {store.Provider}");
    }

    private static string[] ReadRequiredSchemes(SettingsReader reader, SaslSettings? sasl)
    {
        const string key = "acl.required-schemes";
        string[] schemes = [.. reader.Texts(key)];
        foreach (var scheme in schemes)
        {
            if (scheme is not (Identities.Digest or Identities.Ip or Identities.X509 or Identities.Sasl))
                throw reader.Wrong(key, "a list of digest, x509 and sasl");
            if (scheme == Identities.Sasl && sasl is null)
                throw new ConfigurationException($"{Path}.{key} has sasl, but {Path}.sasl has neither users nor Kerberos.");
        }
        return schemes;
    }

    private static string ReadSuperDigest(SettingsReader reader)
    {
        const string key = "acl.super-digest";
        var id = reader.Text(key);
        return id.Length == 0 || id.AsSpan().Count(':') == 1
            ? id
            : throw SettingsReader.WrongSecret(Path, key, "empty, or USER:HASH as in an ACL of the scheme digest");
    }

    private static Address[] ReadJoin(SettingsReader reader)
    {
        var texts = reader.Texts("join");
        var addresses = new Address[texts.Count];
        for (var i = 0; i < addresses.Length; i++)
        {
            if (!SettingsReader.IsAddress(texts[i], out addresses[i]))
                throw reader.Wrong("join", "a list of addresses such as \"akka.tcp://zab@host:4051\"");
        }

        return addresses;
    }

    private static MemberSettings[] ReadMembers(Config given, int serverId, bool joins)
    {
        const string key = $"{Path}.members";
        if (!given.HasPath("members")) return [new MemberSettings(serverId, null, IsObserver: false, "")];
        var value = given.GetValue("members");
        // On Akka.NET an empty list says that it is none.
        if (!value.IsArray() && (value.IsString() || value.IsObject()))
            throw new ConfigurationException(
                $"{key} must be a list such as [{{ id = 1, address = \"akka.tcp://zab@host:4051\" }}].");
        var entries = value.GetArray();
        if (entries.Count == 0) return [new MemberSettings(serverId, null, IsObserver: false, "")];
        var members = new MemberSettings[entries.Count];
        for (var i = 0; i < members.Length; i++)
        {
            if (!entries[i].IsObject())
                throw new ConfigurationException($"{key} must be a list of {{ id, address, role, client }}.");
            members[i] = ReadMember(entries[i].GetObject().Items, $"entry {i + 1} of {key}");
        }
        CheckMembers(members, serverId, key);
        if (joins && members.Length > 1)
            throw new ConfigurationException(
                $"{key} must have this server only where there is something in {Path}.join: it learns of the others.");
        return members;
    }

    private static MemberSettings ReadMember(Dictionary<string, Configuration.Hocon.HoconValue> items, string where)
    {
        foreach (var name in items.Keys)
            if (name is not ("id" or "address" or "role" or "client" or "weight" or "group"))
                throw new ConfigurationException(
                    $"{where} has \"{name}\", but only id, address, role, client, weight and group are known there.");
        if (!int.TryParse(Value("id"), out var id) || id is < 1 or > 255)
            throw new ConfigurationException(
                $"The id in {where} must be a whole number from 1 to 255, not \"{Value("id")}\".");
        if (!SettingsReader.IsAddress(Value("address"), out var address))
            throw new ConfigurationException(
                $"The address in {where} must be one such as \"akka.tcp://zab@host:4051\", " +
                $"not \"{Value("address")}\".");
        var role = Value("role");
        if (role is not ("" or "participant" or "observer"))
            throw new ConfigurationException($"The role in {where} must be participant or observer, not \"{role}\".");
        var client = Value("client");
        if (client.Length > 0 && !SettingsReader.IsEndpoint(client))
            throw new ConfigurationException(
                $"The client in {where} must be a host and a port such as host:2181, not \"{client}\".");
        return new MemberSettings(
            id, address, role == "observer", client, Number("weight", 0, 1_000_000, 1), Number("group", 1, 255, 0));

        int Number(string name, int min, int max, int otherwise)
        {
            if (Value(name).Length == 0) return otherwise;
            if (int.TryParse(Value(name), out var number) && number >= min && number <= max) return number;
            throw new ConfigurationException(
                $"The {name} in {where} must be a whole number from {min} to {max}, not \"{Value(name)}\".");
        }

        string Value(string name) => items.TryGetValue(name, out var value) ? value.GetString() ?? "" : "";
    }

    private static void CheckMembers(MemberSettings[] members, int serverId, string key)
    {
        var participants = 0;
        var grouped = 0;
        var weight = 0L;
        var self = false;
        for (var i = 0; i < members.Length; i++)
        {
            if (!members[i].IsObserver)
            {
                participants++;
                if (members[i].Group != 0) grouped++;
                weight += members[i].Weight;
            }
            if (members[i].Id == serverId) self = true;
            for (var j = 0; j < i; j++)
            {
                if (members[i].Id == members[j].Id)
                    throw new ConfigurationException($"{key} has the id {members[i].Id} twice.");
                if (members[i].Address!.Equals(members[j].Address))
                    throw new ConfigurationException($"{key} has the address {members[i].Address} twice.");
            }
        }
        if (!self)
            throw new ConfigurationException(
                $"{key} does not have this server, whose akka.zab.server-id is {serverId}.");
        if (participants == 0) throw new ConfigurationException($"{key} needs at least one participant.");
        if (grouped != 0 && grouped != participants)
            throw new ConfigurationException($"{key} must have a group for every participant, or for none.");
        if (weight == 0) throw new ConfigurationException($"{key} needs a participant with a weight.");
    }
}
