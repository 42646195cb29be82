using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Engine.Tests.Persistence;

/// <summary>Strings and lists of strings as UTF-8, told apart by their manifest.</summary>
public sealed class TextSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const string Configuration =
        """
        akka.actor {
          serializers.text = "Akka.Engine.Tests.Persistence.TextSerializer, Akka.Engine.Tests"
          serialization-bindings {
            "System.String" = text
            "System.String[]" = text
          }
        }
        """;

    public override int Identifier => 4711;

    public override string Manifest(object o) => o is string ? "one" : "many";

    public override byte[] ToBinary(object obj) => obj is string one
        ? one == "unwritable" ? throw new InvalidDataException("unwritable") : Encoding.UTF8.GetBytes(one)
        : Encoding.UTF8.GetBytes(string.Join("\n", (string[])obj));

    public override object FromBinary(byte[] bytes, string manifest) =>
        Encoding.UTF8.GetString(bytes) is var text && manifest == "one" ? text : text.Split("\n");
}
