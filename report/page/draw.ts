/** Charts as SVG text, twice: a wide one, and one whose letters can be read on a phone. */
import { CustomChart, LineChart, SankeyChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { html, type Markup, raw } from '../markup.ts';
import { withVariables } from './palette.ts';

use([CustomChart, LineChart, SankeyChart, GridComponent, MarkAreaComponent, MarkLineComponent, SVGRenderer]);

export interface Box {
  width: number;
  height: number;
  narrow: boolean;
}

export interface Chart {
  /** Unique on the page; the first part of every id inside the drawing. */
  id: string;
  title: string;
  /** What is to be seen, for those who do not see it. */
  description: string;
  height: { wide: number; narrow: number };
  option(box: Box): EChartsCoreOption;
}

export const WIDE = 1040;
export const NARROW = 400;

export function drawn(chart: Chart): Markup {
  const wide = svgOf(chart, { width: WIDE, height: chart.height.wide, narrow: false });
  const narrow = svgOf(chart, { width: NARROW, height: chart.height.narrow, narrow: true });
  return html`<div class="chart" role="img" aria-label="${chart.title}. ${chart.description}"><div class="wide">${wide}</div><div class="narrow">${narrow}</div></div>`;
}

function svgOf(chart: Chart, box: Box): Markup {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width: box.width, height: box.height });
  instance.setOption({ animation: false, textStyle: { fontFamily: 'inherit' }, ...chart.option(box) });
  const svg = instance.renderToSVGString();
  instance.dispose();
  return raw(withVariables(cleaned(svg, `${chart.id}${box.narrow ? 'n' : 'w'}`)));
}

/**
 * The library counts its drawings and numbers their ids, so the same journal would give other bytes the second
 * time; it also styles what the pointer is over, and marks parts for scripts that the page does not have.
 */
function cleaned(svg: string, id: string): string {
  return svg
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ (class|ecmeta_[a-z_]+|pointer-events|baseProfile|version|xmlns:xlink)="[^"]*"/g, '')
    .replace(/<svg width="\d+" height="\d+"/, '<svg aria-hidden="true" focusable="false"')
    .replace(/\bzr\d+-/g, `${id}-`)
    .replace(/font-family:inherit;?/g, '')
    .replace(/>\s+</g, '><');
}
