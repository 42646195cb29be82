using System.Text;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>Lines that end with a line feed, formatted alike everywhere.</summary>
internal sealed class Lines
{
    readonly StringBuilder _text = new();

    public void Add(FormattableString line) => _text.Append(FormattableString.Invariant(line)).Append('\n');

    public override string ToString() => _text.ToString();
}
