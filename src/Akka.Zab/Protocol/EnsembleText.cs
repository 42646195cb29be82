using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Akka.Zab.Protocol;

/// <summary>
/// A configuration as ZooKeeper writes it, in <c>/zookeeper/config</c>: a line
/// <c>server.ID=HOST:PORT:ELECTION-PORT:ROLE;CLIENT-HOST:CLIENT-PORT</c> for each server, lines <c>group.G=ID:ID</c> and
/// <c>weight.ID=WEIGHT</c> where votes are not equal, and <c>version=ZXID</c> in hexadecimal.
/// </summary>
internal static class EnsembleText
{
    /// <summary>What is written where a server says only at which port it serves clients.</summary>
    private const string AnyHost = "0.0.0.0";

    private const int MaxWeight = 1_000_000;

    /// <summary>The text, without a line feed after the last line.</summary>
    public static string Of(IReadOnlyList<Member> members, long version)
    {
        var text = new StringBuilder();
        var weighted = false;
        var groups = new SortedDictionary<int, List<int>>();
        foreach (var member in members.OrderBy(member => member.Id))
        {
            text.Append(CultureInfo.InvariantCulture, $"server.{member.Id}={Spec(member)}\n");
            if (member.Role != MemberRole.Participant)
                continue;
            weighted |= member.Group != 0 || member.Weight != 1;
            if (!groups.TryGetValue(Math.Max(1, member.Group), out var group))
                groups.Add(Math.Max(1, member.Group), group = []);
            group.Add(member.Id);
        }

        if (weighted)
        {
            foreach (var (group, ids) in groups)
                text.Append(CultureInfo.InvariantCulture, $"group.{group}={string.Join(':', ids)}\n");
            foreach (var member in members.Where(member => member.Role == MemberRole.Participant).OrderBy(m => m.Id))
                text.Append(CultureInfo.InvariantCulture, $"weight.{member.Id}={member.Weight}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"version={version:x}").ToString();
    }

    /// <summary>One server, as it stands after <c>server.ID=</c>.</summary>
    public static string Spec(Member member)
    {
        var host = member.Host.Contains(':') ? $"[{member.Host}]" : member.Host;
        var role = member.Role == MemberRole.Participant ? "participant" : "observer";
        var client = member.Client.Length == 0 ? "" : $";{member.Client}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{host}:{member.Port}:{member.ElectionPort}:{role}{client}");
    }

    /// <summary>Reads a whole configuration; lines may also be separated by commas.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ensemble">The configuration; its version is 0 if the text does not say.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Ensemble? ensemble)
    {
        ensemble = null;
        var members = new SortedDictionary<int, Member>();
        var groups = new Dictionary<int, int>();
        var weights = new Dictionary<int, int>();
        var version = 0L;
        foreach (var line in text.Split(['\n', ',', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=');
            if (equals < 0 || !TryParse(line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart()))
                return false;
        }

        foreach (var (id, group) in groups)
        {
            if (!members.TryGetValue(id, out var member))
                return false;
            members[id] = member with { Group = group };
        }

        foreach (var (id, weight) in weights)
        {
            if (!members.TryGetValue(id, out var member))
                return false;
            members[id] = member with { Weight = weight };
        }

        return TryMake([.. members.Values], version, out ensemble);

        bool TryParse(string key, string value)
        {
            if (key == "version")
                return long.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out version);
            var dot = key.IndexOf('.');
            if (dot < 0 || !TryParseNumber(key[(dot + 1)..], 1, 255, out var number))
                return false;
            return key[..dot] switch
            {
                "server" => TryParseSpec(number, value, out var member) && members.TryAdd(number, member),
                "group" => value.Split(':').All(
                    id => TryParseNumber(id, 1, 255, out var server) && groups.TryAdd(server, number)),
                "weight" => TryParseNumber(value, 0, MaxWeight, out var weight) && weights.TryAdd(number, weight),
                _ => false,
            };
        }
    }

    /// <summary>Makes a configuration of members, if they can be one.</summary>
    public static bool TryMake(
        IReadOnlyList<Member> members, long version, [NotNullWhen(true)] out Ensemble? ensemble)
    {
        ensemble = null;
        for (var i = 0; i < members.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Clash(members[i], members[j]))
                    return false;
            }
        }

        try
        {
            ensemble = new Ensemble(members, null, version);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads <c>server.ID=SPEC</c>.</summary>
    public static bool TryParseServer(string text, [NotNullWhen(true)] out Member? member)
    {
        member = null;
        var equals = text.IndexOf('=');
        return equals > 0 && text.StartsWith("server.", StringComparison.Ordinal)
            && TryParseNumber(text["server.".Length..equals].Trim(), 1, 255, out var id)
            && TryParseSpec(id, text[(equals + 1)..].Trim(), out member);
    }

    /// <summary>A whole number in a range, in digits.</summary>
    public static bool TryParseNumber(string text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= min && number <= max;

    private static bool Clash(Member one, Member other) =>
        (one.Port != 0 && one.Port == other.Port && one.Host == other.Host)
        || (one.Client.Length > 0 && one.Client == other.Client
            && !one.Client.StartsWith(AnyHost, StringComparison.Ordinal));

    private static bool TryParseSpec(int id, string spec, [NotNullWhen(true)] out Member? member)
    {
        member = null;
        var semicolon = spec.IndexOf(';');
        var client = semicolon < 0 ? "" : spec[(semicolon + 1)..].Trim();
        if (semicolon >= 0 && client.Length == 0)
            return false;
        // What comes after a second one is the port for TLS; clients are told only of the first.
        if (client.IndexOf(';') is var second and >= 0)
            client = client[..second].TrimEnd();
        if (!TryParseHost(semicolon < 0 ? spec : spec[..semicolon].TrimEnd(), out var host, out var rest))
            return false;
        var parts = rest.Split(':');
        if (parts.Length is not (2 or 3) || !TryParsePort(parts[0], out var port)
            || !TryParsePort(parts[1], out var election) || !TryParseClient(ref client))
        {
            return false;
        }

        MemberRole? role = parts.Length == 2 ? MemberRole.Participant : parts[2].ToLowerInvariant() switch
        {
            "participant" => MemberRole.Participant,
            "observer" => MemberRole.Observer,
            _ => null,
        };
        if (role is not { } known)
            return false;
        member = new Member(id, known) { Host = host, Port = port, ElectionPort = election, Client = client };
        return true;
    }

    private static bool TryParseHost(string text, out string host, out string rest)
    {
        host = rest = "";
        var bracket = text.StartsWith('[') ? text.IndexOf(']') : 0;
        var colon = bracket < 0 ? -1 : text.IndexOf(':', bracket);
        if (colon <= 0)
            return false;
        host = text[..colon].Trim('[', ']');
        rest = text[(colon + 1)..];
        return host.Length > 0 && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '|' or '/' or '@');
    }

    private static bool TryParseClient(ref string client)
    {
        if (client.Length == 0)
            return true;
        var colon = client.LastIndexOf(':');
        if (colon < 0)
            client = $"{AnyHost}:{client}";
        else if (colon == 0 || client.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return false;
        return TryParsePort(client[(client.LastIndexOf(':') + 1)..], out _);
    }

    private static bool TryParsePort(string text, out int port) => TryParseNumber(text, 1, 65535, out port);
}
