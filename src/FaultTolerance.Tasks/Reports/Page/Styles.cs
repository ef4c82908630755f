namespace FaultTolerance.Reports.Page;

/// <summary>
/// The page's one style sheet. Colours of outcomes are Okabe and Ito's, told apart by people who see colours differently.
/// </summary>
internal static class Styles
{
    /// <summary>The style sheet.</summary>
    public const string Sheet = """
        :root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--ink:#1b1f24;--soft:#59626d;--line:#d5dae0;--link:#0b57a4;
        --ok:#8fc1e3;--okdot:#3f86bb;--busy:#e69f00;--error:#d55e00;--conn:#a3195b;--broken:#7d5bb5;--late:#5b4a00;--ours:#80868e;--offered:#1b1f24;
        --outage:#d55e0038;--failing:#e69f001f;--window:#0b57a417;--fault:#b3261e;--pass:#00693e;--fail:#a31515;--unknown:#6b4e00;
        --ready:#9fd3bd;--onready:#06382a;--start:#cfd6dd;--startline:#9aa5b1;--down:#f3d3cc;--downline:#b3261e;
        --h0:#eef3f7;--h1:#d6e6f2;--h2:#a9cde6;--h3:#f2c078;--h4:#e08a4c;--hink:#14181d}
        @media (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2228;--ink:#e8ebee;--soft:#a3adb8;--line:#363d46;--link:#83bdf5;
        --ok:#3f7ba6;--okdot:#76b5e3;--busy:#f0b429;--error:#ff8a4c;--conn:#f06ba8;--broken:#b79af0;--late:#e8dc7a;--ours:#9aa1a9;--offered:#e8ebee;
        --outage:#ff8a4c40;--failing:#f0b42920;--window:#83bdf521;--fault:#ff8a80;--pass:#6fd3a5;--fail:#ff9a90;--unknown:#f0c95c;
        --ready:#23614b;--onready:#d8f5e8;--start:#39424c;--startline:#5d6875;--down:#52241f;--downline:#ff8a80;
        --h0:#20262c;--h1:#1f3648;--h2:#27506f;--h3:#70501d;--h4:#8a441a;--hink:#f2f4f6}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI","DejaVu Sans",Arial,sans-serif}
        main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
        h1{font-size:26px;line-height:1.2;margin:28px 0 4px}h2{font-size:20px;margin:36px 0 8px}h3{font-size:17px;margin:0 0 4px;overflow-wrap:anywhere}
        h4{font-size:15px;margin:18px 0 6px}p{margin:6px 0;max-width:80ch}a{color:var(--link)}a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
        .soft{color:var(--soft)}.banner{border:2px dashed var(--unknown);border-radius:6px;padding:8px 12px;margin:12px 0;max-width:none}
        .verdict{display:flex;gap:14px;align-items:center;border-left:8px solid var(--soft);background:var(--raised);border-radius:6px;padding:12px 16px;margin:14px 0}
        .verdict b{font-size:20px}.verdict.pass{border-color:var(--pass)}.verdict.fail{border-color:var(--fail)}.verdict.unknown{border-color:var(--unknown)}
        .sign{display:inline-block;width:1.35em;text-align:center;font-weight:700}.pass>.sign,.sign.pass{color:var(--pass)}.fail>.sign,.sign.fail{color:var(--fail)}.unknown>.sign,.sign.unknown{color:var(--unknown)}
        .verdict>.sign{font-size:30px}
        .scroll{overflow-x:auto;max-width:100%}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}caption{text-align:left;font-weight:600;padding:0 0 6px}
        th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}th{font-weight:600}td.n,th.n{text-align:right;white-space:nowrap}
        td>.pass,td>.fail,td>.unknown,th>.pass,th>.fail,th>.unknown{white-space:nowrap}td.wide{min-width:16em;overflow-wrap:anywhere}
        .matrix{width:100%;border-collapse:separate;border-spacing:3px;min-width:600px}.matrix th,.matrix td{border:0}.matrix thead th{vertical-align:bottom}.matrix tbody th{white-space:nowrap;vertical-align:middle;font-weight:500}
        .matrix td{padding:0;border-radius:5px;background:var(--h0);color:var(--hink);height:52px;min-width:104px}.matrix td.h1{background:var(--h1)}.matrix td.h2{background:var(--h2)}.matrix td.h3{background:var(--h3)}.matrix td.h4{background:var(--h4)}
        .matrix td.bad{background:repeating-linear-gradient(45deg,var(--raised) 0 8px,var(--line) 8px 12px);color:var(--ink)}.matrix td.empty{background:none;vertical-align:middle;padding-left:10px}
        .matrix.few{width:auto;min-width:0}.matrix.few td{width:190px}.matrix.few caption span{white-space:nowrap}.matrix a{display:block;padding:6px 10px;color:inherit;text-decoration:none;border-radius:5px;height:100%}.matrix a:hover{outline:2px solid currentColor}
        .matrix caption span{position:sticky;left:0;display:inline-block;max-width:calc(100vw - 40px)}.matrix tbody th{position:sticky;left:0;background:var(--ground);z-index:1}.matrix b{font-size:16px;white-space:nowrap}.matrix small{display:block;font-size:12.5px;line-height:1.3}
        .matrix td .sign{float:right;background:var(--ground);border-radius:50%;width:1.6em;line-height:1.6em;font-size:12px}
        .key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0;padding:0;list-style:none;font-size:13px;color:var(--soft)}.key li{display:flex;align-items:center;gap:6px}
        .key i{width:26px;height:14px;border-radius:3px;display:inline-block}.key svg{width:18px;height:14px}
        section.row{border-top:1px solid var(--line);padding:22px 0 10px;scroll-margin-top:8px}
        .said{font-size:16px}.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin:10px 0}.facts div{min-width:96px}.facts dt{font-size:12.5px;color:var(--soft)}.facts dd{margin:0;font-size:19px;font-weight:600}
        figure{margin:10px 0}details .scroll{margin-bottom:18px}svg.figure{display:block;width:100%;min-width:760px;height:auto;font-family:inherit}svg.defs{position:absolute;width:0;height:0}
        details{margin:6px 0}summary{cursor:pointer;font-weight:600;padding:3px 0}details>div{padding:4px 0 10px}
        .side{display:flex;flex-wrap:wrap;gap:6px 44px;align-items:flex-start}
        svg .tick,svg .lane{font-size:12px;text-anchor:end;fill:var(--soft)}svg .lane{fill:var(--ink)}svg .time{font-size:12px;text-anchor:middle;fill:var(--soft)}
        svg .panel{font-size:13px;font-weight:600;fill:var(--ink)}svg .sub{font-size:12px;fill:var(--soft)}svg .phase{font-size:11.5px;fill:var(--ink);pointer-events:none}svg .t-ready{fill:var(--onready)}
        svg .grid{stroke:var(--line);stroke-width:1;fill:none}svg .axis{stroke:var(--soft);fill:none}
        .o-ok{fill:var(--ok)}.o-busy{fill:var(--busy)}.o-error{fill:var(--error)}.o-conn{fill:var(--conn)}.o-broken{fill:var(--broken)}.o-late{fill:var(--late)}.o-ours{fill:var(--ours)}
        svg path[class^="o-"]{shape-rendering:crispEdges}marker path,marker circle{shape-rendering:auto}
        #k-ok{fill:var(--okdot)}.metric{fill:none;stroke-width:1.6;stroke-linejoin:round}.m-inflight{stroke:var(--ink)}.m-running{stroke:var(--okdot);stroke-dasharray:7 2}.m-waiting{stroke:var(--error);stroke-dasharray:2 2}.m-migrated{stroke:var(--broken);stroke-dasharray:8 2 2 2}
        .hint{display:none;font-size:13px}.offered{fill:none;stroke:var(--offered);stroke-width:1.4;stroke-dasharray:5 3}
        .dots{fill:none;stroke:none}.d-ok{marker:url(#k-ok)}.d-busy{marker:url(#k-busy)}.d-error{marker:url(#k-error)}.d-conn{marker:url(#k-conn)}.d-broken{marker:url(#k-broken)}.d-late{marker:url(#k-late)}.d-ours{marker:url(#k-ours)}
        .k0{background:var(--h0)}.k1{background:var(--h1)}.k2{background:var(--h2)}.k3{background:var(--h3)}.k4{background:var(--h4)}.key i{border:1px solid var(--line)}
        .b-ok{background:var(--ok)}.b-busy{background:var(--busy)}.b-error{background:var(--error)}.b-conn{background:var(--conn)}.b-broken{background:var(--broken)}.b-late{background:var(--late)}.b-ours{background:var(--ours)}
        .outage{fill:var(--outage)}.failing{fill:var(--failing)}i.outage{background:var(--outage)}i.failing{background:var(--failing);border:1px solid var(--line)}
        rect.window{fill:var(--window);stroke:var(--window)}i.window{background:var(--window)}svg text.window{font-size:11px;fill:var(--soft)}
        svg path.mark{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:2 3;fill:none}svg path.m-landed{stroke:var(--fault);stroke-width:2;stroke-dasharray:none}
        svg text.mark{font-size:12px;fill:var(--ink);paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
        .p-ready{fill:var(--ready)}.p-starting{fill:url(#h-starting)}.p-pending{fill:none;stroke:var(--startline);stroke-dasharray:3 3}.p-terminating{fill:url(#h-terminating)}
        .p-down{fill:var(--down);stroke:var(--downline)}.p-unready{fill:var(--down);stroke:var(--downline);stroke-dasharray:3 2}
        .h-ground{fill:var(--start);opacity:.45}.h-line{fill:var(--startline);opacity:.55}
        .g-fault{fill:var(--fault);stroke:var(--ground);stroke-width:1}.g-ended{fill:var(--downline)}.g-restarted{fill:var(--ink)}
        svg.strip{display:block;width:100%;max-width:760px;min-width:520px;height:auto;font-family:inherit}.trial{fill:var(--okdot);stroke:var(--ground);stroke-width:1;fill-opacity:.85}.trial.bound{fill:var(--ground);stroke:var(--okdot);stroke-width:1.6}.median{stroke:var(--ink);stroke-width:2}.interval{fill:var(--h2);opacity:.7}
        .skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--ground);padding:6px}
        .top{font-size:13px}
        @media (max-width:800px){.hint{display:block}}
        @media (max-width:600px){.matrix.few caption span{white-space:normal}.matrix{min-width:520px}.matrix tbody th{white-space:normal;width:104px;max-width:104px;padding:5px 4px}.matrix a{padding:5px 6px}.matrix td{min-width:92px}.matrix b{font-size:14px}.matrix small{font-size:11.5px}main,header,footer{padding:0 12px}h1{font-size:22px}.facts{gap:6px 18px}.facts dd{font-size:17px}}
        @media print{.hint{display:none}:root{color-scheme:light}body{font-size:11px}section.row{break-inside:avoid;break-before:auto}figure,table{break-inside:avoid}svg.figure{min-width:0}.scroll{overflow:visible}
        .skip,.top{display:none}details::details-content{content-visibility:visible;display:block}summary{list-style:none}a{color:inherit;text-decoration:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """;
}
