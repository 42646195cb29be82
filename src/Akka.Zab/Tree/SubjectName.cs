using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Akka.Zab.Tree;

/// <summary>
/// The scheme <c>x509</c>: the subject of a certificate as RFC 2253 writes it, which is what ZooKeeper's ACLs have:
/// <c>CN=client,OU=tests,O=Example</c>, the innermost name first.
/// </summary>
internal static class SubjectName
{
    /// <summary>Whether an ACL may have this id.</summary>
    public static bool IsValid(string id)
    {
        try
        {
            return id.Length > 0 && new X500DistinguishedName(id).RawData.Length > 2;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The text of a name.</summary>
    public static string Of(X500DistinguishedName name)
    {
        var text = new StringBuilder();
        foreach (var relative in name.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            if (text.Length > 0)
                text.Append(',');
            Append(text, relative.RawData);
        }

        return text.ToString();
    }

    // A relative name is a set of one or more pairs of a type and a value.
    private static void Append(StringBuilder text, ReadOnlyMemory<byte> relative)
    {
        var set = new AsnReader(relative, AsnEncodingRules.DER).ReadSetOf(skipSortOrderValidation: true);
        for (var first = true; set.HasData; first = false)
        {
            var pair = set.ReadSequence();
            var type = pair.ReadObjectIdentifier();
            var value = pair.ReadEncodedValue();
            if (!first)
                text.Append('+');
            if (KeywordOf(type) is { } keyword && StringOf(value) is { } plain)
                Escape(text.Append(keyword).Append('='), plain);
            else
                text.Append(type).Append("=#").Append(Convert.ToHexStringLower(value.Span));
        }
    }

    private static string? KeywordOf(string type) => type switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        _ => null,
    };

    private static string? StringOf(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var tag = reader.PeekTag();
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String
            or UniversalTagNumber.T61String or UniversalTagNumber.BMPString
            ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
            : null;
    }

    private static void Escape(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var special = ",+\"\\<>;".Contains(value[i])
                || (i == 0 && (value[i] is '#' or ' '))
                || (i == value.Length - 1 && value[i] == ' ');
            if (special)
                text.Append('\\');
            text.Append(value[i]);
        }
    }
}
